// Every struct of NativeMethods.cs against the C header, as the C compiler of this machine lays it out.
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Mosis.Native;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class NativeLayoutTests
    {
        /// <summary>C struct → (C# struct, its fields in C). A field that the header gains changes a size; one that it loses does not compile.</summary>
        private static readonly Dictionary<string, Type> Structs = new Dictionary<string, Type>
        {
            ["mosis_string"] = typeof(NativeBytes),
            ["mosis_bytes"] = typeof(NativeBytes),
            ["mosis_client_options"] = typeof(NativeClientOptions),
            ["mosis_client_state_event"] = typeof(NativeClientStateEvent),
            ["mosis_event"] = typeof(NativeEvent),
            ["mosis_request_options"] = typeof(NativeRequestOptions),
            ["mosis_stats"] = typeof(NativeStats),
        };

        private static readonly Dictionary<string, uint> Constants = new Dictionary<string, uint>
        {
            ["MOSIS_ABI_VERSION_MAJOR"] = NativeMethods.AbiMajor,
            ["MOSIS_EVENT_CLIENT_STATE"] = NativeMethods.EventClientState,
            ["MOSIS_EVENT_RESPONSE"] = NativeMethods.EventResponse,
            ["MOSIS_EVENT_SNAPSHOT"] = NativeMethods.EventSnapshot,
            ["MOSIS_CLIENT_CONNECTING"] = (uint)MosisClientState.Connecting,
            ["MOSIS_CLIENT_READY"] = (uint)MosisClientState.Ready,
            ["MOSIS_CLIENT_RECONNECTING"] = (uint)MosisClientState.Reconnecting,
            ["MOSIS_CLIENT_FAILED"] = (uint)MosisClientState.Failed,
        };

        [Test]
        public void Structs_HaveTheSizesAndOffsetsOfTheHeader()
        {
            var expected = new StringBuilder();
            var program = new StringBuilder("#include <stdio.h>\n#include <mosis/mosis.h>\nint main(void) {\n");
            foreach ((string name, Type type) in Structs.Select(pair => (pair.Key, pair.Value)))
            {
                expected.Append($"{name} {Marshal.SizeOf(type)}\n");
                program.Append($"  printf(\"{name} %zu\\n\", sizeof({name}));\n");
                foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
                {
                    expected.Append($"{name}.{Snake(field.Name)} {Marshal.OffsetOf(type, field.Name)}\n");
                    program.Append($"  printf(\"{name}.{Snake(field.Name)} %zu\\n\", offsetof({name}, {Snake(field.Name)}));\n");
                }
            }
            foreach ((string name, uint value) in Constants.Select(pair => (pair.Key, pair.Value)))
            {
                expected.Append($"{name} {value}\n");
                program.Append($"  printf(\"{name} %u\\n\", (unsigned){name});\n");
            }
            program.Append("  return 0;\n}\n");

            Assert.That(CompileAndRun(program.ToString()), Is.EqualTo(expected.ToString()));
        }

        private static string Snake(string name) =>
            string.Concat(name.Select((c, index) => char.IsUpper(c) && index > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

        private static string CompileAndRun(string source)
        {
            using var folder = new TemporaryFolder("layout");
            string path = Path.Combine(folder.Path, "layout.c");
            string program = Path.Combine(folder.Path, "layout");
            File.WriteAllText(path, source);
            Programs.Run("cc", $"-std=c99 -I {Repository.At("bindings/native/include")} -o {program} {path}");
            return Programs.Run(program, "");
        }
    }
}
