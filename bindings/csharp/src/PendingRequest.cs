// A request that waits for its answer, and the table of all of them. Completing one is left to the thread that polls.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Mosis
{
    /// <summary>Reads a result out of its MessagePack map.</summary>
    internal delegate T Decoder<T>(ReadOnlySpan<byte> payload);

    internal abstract class PendingRequest
    {
        private readonly CancellationToken cancellation;
        private CancellationTokenRegistration registration;

        protected PendingRequest(CancellationToken cancellation) => this.cancellation = cancellation;

        /// <summary>Id that the library gave it.</summary>
        public ulong Id { get; set; }

        /// <summary>Lets the token report to <paramref name="cancelled"/>, on whatever thread cancels it.</summary>
        public void WatchCancellation(Action<PendingRequest> cancelled)
        {
            if (cancellation.CanBeCanceled)
            {
                registration = cancellation.Register(() => cancelled(this));
            }
        }

        /// <summary>Reads the answer while the library lends it; <see cref="Complete"/> then hands it out.</summary>
        public abstract void Read(ReadOnlySpan<byte> payload);

        public void Complete()
        {
            registration.Dispose();
            SetResult();
        }

        public void Fail(Exception error)
        {
            registration.Dispose();
            SetException(error);
        }

        public void Cancel()
        {
            registration.Dispose();
            SetCancelled(cancellation);
        }

        protected abstract void SetResult();

        protected abstract void SetException(Exception error);

        protected abstract void SetCancelled(CancellationToken token);
    }

    internal sealed class PendingRequest<T> : PendingRequest
    {
        private readonly TaskCompletionSource<T> completion;
        private readonly Decoder<T> decode;
        private T result = default!;

        public PendingRequest(Decoder<T> decode, TaskCreationOptions creation, CancellationToken cancellation)
            : base(cancellation)
        {
            this.decode = decode;
            completion = new TaskCompletionSource<T>(creation);
        }

        public Task<T> Task => completion.Task;

        public override void Read(ReadOnlySpan<byte> payload) => result = decode(payload);

        protected override void SetResult() => completion.TrySetResult(result);

        protected override void SetException(Exception error) => completion.TrySetException(error);

        protected override void SetCancelled(CancellationToken token) => completion.TrySetCanceled(token);
    }

    /// <summary>Requests by id. Not thread-safe: the client locks it.</summary>
    internal sealed class PendingRequests
    {
        private readonly Dictionary<ulong, PendingRequest> byId = new Dictionary<ulong, PendingRequest>();

        public int Count => byId.Count;

        public void Add(PendingRequest request) => byId.Add(request.Id, request);

        /// <summary>Null when nobody waits any more: cancelled, or not ours.</summary>
        public PendingRequest? Take(ulong id) => byId.Remove(id, out PendingRequest? request) ? request : null;

        public PendingRequest[] TakeAll()
        {
            var all = new PendingRequest[byId.Count];
            byId.Values.CopyTo(all, 0);
            byId.Clear();
            return all;
        }
    }
}
