// Finds libmosis: MOSIS_LIBRARY or runtimes/<rid>/native first, then whatever the runtime's own rules find; says where it looked.
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Mosis.Native
{
    internal static unsafe class NativeLibraryLoader
    {
        /// <summary>Path of the library, for programs whose build puts it somewhere else.</summary>
        public const string PathVariable = "MOSIS_LIBRARY";

        private static readonly object Gate = new object();
        private static bool loaded;

        /// <summary>Loads the library once and checks its version. Cheap when it is loaded already. Any thread.</summary>
        /// <exception cref="DllNotFoundException">Not found; the text lists where it was looked for.</exception>
        /// <exception cref="MosisException">Found, but of another major version.</exception>
        public static void EnsureLoaded()
        {
            lock (Gate)
            {
                if (!loaded)
                {
                    Load();
                    loaded = true;
                }
            }
        }

        private static void Load()
        {
            string? given = Environment.GetEnvironmentVariable(PathVariable);
            string packaged = PackagedPath();
            if (!string.IsNullOrEmpty(given))
            {
                Preload(given);
            }
            else if (File.Exists(packaged))
            {
                // mono does not look into runtimes/ by itself.
                Preload(packaged);
            }

            uint version;
            try
            {
                version = LoadedVersion();
            }
            catch (DllNotFoundException error)
            {
                throw new DllNotFoundException(NotFoundText(given, packaged), error);
            }
            if (!string.IsNullOrEmpty(given))
            {
                RefuseTwoCopies(given);
            }
            if (version >> 16 != NativeMethods.AbiMajor)
            {
                throw new MosisException(
                    ErrorCode.ProtocolMismatch,
                    $"{FileName} has interface version {version >> 16}.{version & 0xffff}, this Mosis.dll needs {NativeMethods.AbiMajor}.x: use both from the same release.");
            }
        }

        /// <summary>
        /// A library beside the program goes before one that is loaded already; then the given path would be passed over without a word.
        /// Seen on Linux only, where the system tells what is mapped.
        /// </summary>
        private static void RefuseTwoCopies(string given)
        {
            const string Maps = "/proc/self/maps";
            if (!File.Exists(Maps))
            {
                return;
            }
            var copies = new HashSet<string>(StringComparer.Ordinal);
            foreach (string line in File.ReadLines(Maps))
            {
                if (line.EndsWith("/" + FileName, StringComparison.Ordinal))
                {
                    copies.Add(line.Substring(line.IndexOf('/')));
                }
            }
            if (copies.Count > 1)
            {
                throw new DllNotFoundException(
                    $"{PathVariable} names {given}, but the runtime takes the one beside the program. Loaded: {string.Join(", ", copies)}. Remove that one, or unset {PathVariable}.");
            }
        }

        // mono looks a P/Invoke up when it compiles the method that calls it, not when it is called: each one that must come after
        // something else is in a method of its own.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static uint LoadedVersion() => NativeMethods.mosis_abi_version();

        /// <summary>Once a library of this name is in the process, DllImport gets that one.</summary>
        private static void Preload(string path)
        {
            string? error = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? OpenOnWindows(path)
                : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? OpenOnMac(path)
                : OpenOnLinux(path);
            if (error != null)
            {
                throw new DllNotFoundException($"{path} could not be loaded: {error}. Check that it exists and fits this processor ({PathVariable} sets the path).");
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static string? OpenOnLinux(string path)
        {
            fixed (byte* bytes = Utf8.WithNul(path, PathVariable))
            {
                IntPtr library = NativeMethods.OpenLibraryOnLinux(bytes, NativeMethods.RtldNow);
                return library != IntPtr.Zero ? null : Utf8.FromNul(NativeMethods.LibraryErrorOnLinux());
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static string? OpenOnMac(string path)
        {
            fixed (byte* bytes = Utf8.WithNul(path, PathVariable))
            {
                IntPtr library = NativeMethods.OpenLibraryOnMac(bytes, NativeMethods.RtldNow);
                return library != IntPtr.Zero ? null : Utf8.FromNul(NativeMethods.LibraryErrorOnMac());
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static string? OpenOnWindows(string path)
        {
            fixed (char* characters = path)
            {
                IntPtr library = NativeMethods.OpenLibraryOnWindows(characters);
                return library != IntPtr.Zero ? null : new Win32Exception(Marshal.GetLastWin32Error()).Message;
            }
        }

        private static string NotFoundText(string? given, string packaged)
        {
            var places = new List<string>
            {
                string.IsNullOrEmpty(given) ? $"{PathVariable} (not set)" : $"{PathVariable}={given} (loaded, but its file name is not {FileName})",
                packaged,
                Path.Combine(AppContext.BaseDirectory, FileName),
                $"the system's library path ({SystemPath()})",
            };
            var text = new StringBuilder($"{FileName} was not found. Looked at:");
            foreach (string place in places)
            {
                text.Append("\n  - ").Append(place);
            }
            return text.Append($"\nPut it beside the program, or set {PathVariable} to its path. It comes with the NuGet package Mosis; in the source tree, `npm run setup` builds it.").ToString();
        }

        private static string PackagedPath() =>
            Path.Combine(AppContext.BaseDirectory, "runtimes", $"{SystemName}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native", FileName);

        private static string SystemName =>
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx" : "linux";

        private static string FileName =>
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "mosis.dll" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "libmosis.dylib" : "libmosis.so";

        private static string SystemPath()
        {
            string name = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "PATH" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH";
            string? value = Environment.GetEnvironmentVariable(name);
            return string.IsNullOrEmpty(value) ? $"{name} is not set" : $"{name}={value}";
        }
    }
}
