// One mosis_client behind a counted handle, so that Dispose on one thread never pulls it away from another.
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mosis.Native
{
    /// <summary>Owns a mosis_client. Also ends it when the game forgot to.</summary>
    internal sealed class NativeClientHandle : SafeHandle
    {
        public NativeClientHandle(IntPtr client)
            : base(IntPtr.Zero, ownsHandle: true) => SetHandle(client);

        public override bool IsInvalid => handle == IntPtr.Zero;

        protected override bool ReleaseHandle()
        {
            NativeMethods.mosis_client_destroy(handle);
            return true;
        }
    }

    internal sealed unsafe class NativeClient : ILink
    {
        private readonly NativeClientHandle handle;

        private NativeClient(NativeClientHandle handle) => this.handle = handle;

        /// <exception cref="DllNotFoundException">libmosis was not found.</exception>
        /// <exception cref="MosisException">The library refused the options: invalidArgument.</exception>
        /// <exception cref="ArgumentException">A text holds U+0000 or is no valid Unicode.</exception>
        public static NativeClient Create(MosisClientOptions options)
        {
            NativeLibraryLoader.EnsureLoaded();
            return CreateLoaded(options);
        }

        /// <summary>Apart, because mono looks up P/Invokes when it compiles their caller: the library must be there by then.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static NativeClient CreateLoaded(MosisClientOptions options)
        {
            fixed (byte* app = Utf8.WithNul(options.App, nameof(options.App)))
            fixed (byte* appVersion = Utf8.WithNul(options.AppVersion, nameof(options.AppVersion)))
            fixed (byte* engine = Utf8.WithNul(options.Engine, nameof(options.Engine)))
            fixed (byte* profile = Utf8.WithNul(options.Profile, nameof(options.Profile)))
            fixed (byte* daemonPath = Utf8.WithNul(options.DaemonPath, nameof(options.DaemonPath)))
            fixed (byte* server = Utf8.WithNul(options.Server, nameof(options.Server)))
            fixed (byte* phoneId = Utf8.WithNul(options.PhoneId, nameof(options.PhoneId)))
            fixed (byte* displayName = Utf8.WithNul(options.DisplayName, nameof(options.DisplayName)))
            {
                var native = new NativeClientOptions
                {
                    StructSize = (uint)sizeof(NativeClientOptions),
                    App = app,
                    AppVersion = appVersion,
                    Engine = engine,
                    Profile = profile,
                    DaemonPath = daemonPath,
                    DoNotStartDaemon = options.StartDaemon ? 0u : 1u,
                    Events = (uint)options.Events,
                    Server = server,
                    PhoneId = phoneId,
                    DisplayName = displayName,
                    EventQueueLimit = options.EventQueueLimit,
                    RequestQueueLimit = options.RequestQueueLimit,
                    GoodbyeTimeoutMs = options.GoodbyeTimeoutMs,
                };
                IntPtr client = IntPtr.Zero;
                int result = NativeMethods.mosis_client_create(&native, &client);
                if (result != NativeMethods.Ok)
                {
                    throw new MosisException((ErrorCode)(-result), ResultText(result));
                }
                return new NativeClient(new NativeClientHandle(client));
            }
        }

        public bool TryHold()
        {
            bool held = false;
            try
            {
                handle.DangerousAddRef(ref held);
            }
            catch (ObjectDisposedException)
            {
                // The one way a handle has to say so; the caller stops polling.
                return false;
            }
            return held;
        }

        public void Release() => handle.DangerousRelease();

        public bool TryTake(out LinkEvent linkEvent)
        {
            NativeEvent* taken = null;
            int count = NativeMethods.mosis_client_poll(handle, &taken);
            if (count <= 0)
            {
                linkEvent = default;
                return count == 0 ? false : throw new MosisException((ErrorCode)(-count), ResultText(count));
            }
            if (taken->Type == NativeMethods.EventClientState)
            {
                var state = (NativeClientStateEvent*)taken->Data;
                linkEvent = new LinkEvent(taken->Type, 0, state->Error, state->Text.Span, default, state->State, state->DaemonPid);
            }
            else
            {
                linkEvent = new LinkEvent(taken->Type, taken->RequestId, taken->Result, taken->Text.Span, taken->Payload.Span, 0, 0);
            }
            return true;
        }

        public int Request(uint method, ReadOnlySpan<byte> parameters, uint deadlineMs, out ulong requestId)
        {
            var options = new NativeRequestOptions { StructSize = (uint)sizeof(NativeRequestOptions), DeadlineMs = deadlineMs };
            ulong id = 0;
            int result;
            fixed (byte* bytes = &MemoryMarshal.GetReference(parameters))
            {
                result = NativeMethods.mosis_client_request(handle, method, bytes, (uint)parameters.Length, &options, &id);
            }
            requestId = id;
            return result;
        }

        public NativeStats GetStats()
        {
            var stats = new NativeStats { StructSize = (uint)sizeof(NativeStats) };
            int result = NativeMethods.mosis_client_get_stats(handle, &stats);
            return result == NativeMethods.Ok ? stats : throw new MosisException((ErrorCode)(-result), ResultText(result));
        }

        public string TextOf(int result) => ResultText(result);

        public void Dispose() => handle.Dispose();

        private static string ResultText(int result) => Utf8.FromNul(NativeMethods.mosis_result_text(result));
    }
}
