// The online peers as of the last polled event, kept from snapshots and changes.
using System;
using System.Collections.Generic;
using System.Threading;

namespace Mosis
{
    /// <summary>Written by the polling thread only; <see cref="Current"/> may be read by any thread and never changes under the reader.</summary>
    internal sealed class PeerList
    {
        private PeerInfo[] current = Array.Empty<PeerInfo>();

        public IReadOnlyList<PeerInfo> Current => Volatile.Read(ref current);

        public void Apply(PeerInfo peer)
        {
            var next = new List<PeerInfo>(current.Length + 1);
            bool placed = false;
            foreach (PeerInfo known in current)
            {
                bool same = known.PeerId == peer.PeerId;
                if (!same)
                {
                    next.Add(known);
                }
                else if (peer.Online)
                {
                    next.Add(peer);
                    placed = true;
                }
            }
            if (peer.Online && !placed)
            {
                next.Add(peer);
            }
            Volatile.Write(ref current, next.ToArray());
        }

        /// <summary>Takes over a snapshot and returns what changed by it, as peer.changed would have told.</summary>
        public List<PeerInfo> Replace(IReadOnlyList<PeerInfo> peers)
        {
            var gone = new Dictionary<string, PeerInfo>(current.Length, StringComparer.Ordinal);
            foreach (PeerInfo known in current)
            {
                gone[known.PeerId] = known;
            }
            var changes = new List<PeerInfo>();
            var next = new PeerInfo[peers.Count];
            for (int index = 0; index < next.Length; index++)
            {
                PeerInfo peer = peers[index];
                next[index] = peer;
                bool known = gone.Remove(peer.PeerId, out PeerInfo? before);
                if (!known || before!.DisplayName != peer.DisplayName)
                {
                    changes.Add(peer);
                }
            }
            foreach (PeerInfo peer in gone.Values)
            {
                changes.Add(new PeerInfo { PeerId = peer.PeerId, DisplayName = peer.DisplayName, Online = false });
            }
            Volatile.Write(ref current, next);
            return changes;
        }
    }
}
