// The only P/Invoke file: mosis.h as C# sees it. Blittable structs, UTF-8 as byte pointers, no callback into managed code.
// test/csharp/NativeLayoutTests.cs compiles the C header and compares every size and offset with the structs here.
using System;
using System.Runtime.InteropServices;

namespace Mosis.Native
{
    /// <summary>mosis_string and mosis_bytes: a pointer that the library owns, and a size in bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeBytes
    {
        public byte* Data;
        public uint Size;

        public readonly ReadOnlySpan<byte> Span => Data == null ? default : new ReadOnlySpan<byte>(Data, checked((int)Size));
    }

    /// <summary>mosis_client_options.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeClientOptions
    {
        public uint StructSize;
        public byte* App;
        public byte* AppVersion;
        public byte* Engine;
        public byte* Profile;
        public byte* DaemonPath;
        public uint DoNotStartDaemon;
        public uint Events;
        public byte* Server;
        public byte* PhoneId;
        public byte* DisplayName;
        public uint EventQueueLimit;
        public uint RequestQueueLimit;
        public uint GoodbyeTimeoutMs;

        /// <summary>Always zero: a callback from a foreign thread is what IL2CPP and domain reloads do not survive.</summary>
        public IntPtr Wake;
        public IntPtr WakeUser;
    }

    /// <summary>mosis_client_state_event.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeClientStateEvent
    {
        public int State;
        public int Error;
        public NativeBytes Text;
        public uint DaemonPid;
    }

    /// <summary>mosis_event.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct NativeEvent
    {
        public uint StructSize;
        public uint Type;
        public ulong Sequence;
        public ulong RequestId;
        public int Result;
        public uint Method;
        public NativeBytes Text;
        public void* Data;
        public NativeBytes Payload;
    }

    /// <summary>mosis_request_options.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeRequestOptions
    {
        public uint StructSize;
        public uint DeadlineMs;
    }

    /// <summary>mosis_stats.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeStats
    {
        public uint StructSize;
        public uint Reconnects;
        public uint DaemonsStarted;
        public uint EventsQueued;
        public uint EventsQueuedMax;
        public uint RequestsPending;
        public ulong RequestsSent;
        public ulong ResponsesReceived;
        public ulong EventsReceived;
        public ulong EventsHeld;
        public ulong Malformed;
        public ulong BytesSent;
        public ulong BytesReceived;
        public uint RoundTripUs;
    }

    /// <summary>The functions of libmosis that this binding needs, and those of the system that load it from a given path.</summary>
    internal static unsafe class NativeMethods
    {
        public const int Ok = 0;
        public const uint AbiMajor = 1;

        public const uint EventClientState = 1;
        public const uint EventResponse = 2;
        public const uint EventSnapshot = 3;

#if UNITY_IOS && !UNITY_EDITOR
        private const string Library = "__Internal";
#else
        private const string Library = "mosis";
#endif

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern uint mosis_abi_version();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern byte* mosis_result_text(int result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int mosis_client_create(NativeClientOptions* options, IntPtr* client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void mosis_client_destroy(IntPtr client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int mosis_client_poll(NativeClientHandle client, NativeEvent** nativeEvent);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int mosis_client_request(
            NativeClientHandle client, uint method, byte* parameters, uint parametersSize, NativeRequestOptions* options, ulong* requestId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int mosis_client_get_stats(NativeClientHandle client, NativeStats* stats);

        /// <summary>dlopen flag, the same on Linux and macOS: resolve every symbol now.</summary>
        public const int RtldNow = 2;

        [DllImport("libdl.so.2", EntryPoint = "dlopen", CallingConvention = CallingConvention.Cdecl)]
        public static extern IntPtr OpenLibraryOnLinux(byte* path, int flags);

        [DllImport("libdl.so.2", EntryPoint = "dlerror", CallingConvention = CallingConvention.Cdecl)]
        public static extern byte* LibraryErrorOnLinux();

        [DllImport("libSystem.dylib", EntryPoint = "dlopen", CallingConvention = CallingConvention.Cdecl)]
        public static extern IntPtr OpenLibraryOnMac(byte* path, int flags);

        [DllImport("libSystem.dylib", EntryPoint = "dlerror", CallingConvention = CallingConvention.Cdecl)]
        public static extern byte* LibraryErrorOnMac();

        [DllImport("kernel32", EntryPoint = "LoadLibraryW", CallingConvention = CallingConvention.Winapi, SetLastError = true)]
        public static extern IntPtr OpenLibraryOnWindows(char* path);
    }
}
