// The NuGet package as somebody meets it: a fresh console project, a folder as feed, the program of the README. Under .NET only.
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class PackageTests
    {
        private const string Project =
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>"
            + "<ItemGroup><PackageReference Include=\"Mosis\" Version=\"*\" /></ItemGroup></Project>";

        /// <summary>Only the folder: everything must be in the SDK or in the package. Packages unpack into a folder that goes with the test.</summary>
        private const string NuGetConfig =
            "<configuration><packageSources><clear /><add key=\"feed\" value=\"feed\" /></packageSources>"
            + "<config><add key=\"globalPackagesFolder\" value=\"packages\" /></config></configuration>";

        private TestPhones phones = null!;
        private TemporaryFolder folder = null!;

        private string Program => Path.Combine(folder.Path, "echo", "bin", "Release", "net10.0", "echo.dll");

        [OneTimeSetUp]
        public void PackAndBuild()
        {
            phones = new TestPhones();
            folder = new TemporaryFolder("package");
            Dotnet(folder.Path, $"pack {Repository.At("bindings/csharp/Mosis.csproj")} -c Release -o feed -p:ArtifactsPath={folder.Path}/artifacts");
            string echo = Path.Combine(folder.Path, "echo");
            Directory.CreateDirectory(echo);
            File.WriteAllText(Path.Combine(folder.Path, "NuGet.config"), NuGetConfig);
            File.WriteAllText(Path.Combine(echo, "echo.csproj"), Project);
            File.WriteAllText(Path.Combine(echo, "Program.cs"), ProgramOfTheReadme());
            Dotnet(echo, "build -c Release");
        }

        [OneTimeTearDown]
        public void Clean()
        {
            phones.Dispose();
            folder.Dispose();
        }

        [Test]
        public void Package_HoldsLibraryNativeLibraryReadmeAndLicence()
        {
            string package = Directory.GetFiles(Path.Combine(folder.Path, "feed"), "Mosis.*.nupkg").Single();
            using System.IO.Compression.ZipArchive archive = System.IO.Compression.ZipFile.OpenRead(package);
            Assert.That(
                archive.Entries.Select(entry => entry.FullName),
                Is.SupersetOf(new[] { "lib/netstandard2.1/Mosis.dll", "lib/netstandard2.1/Mosis.xml", "runtimes/linux-x64/native/libmosis.so", "README.md", "LICENSE" }));
        }

        [Test]
        public void FreshProject_WithTheProgramOfTheReadme_Chats()
        {
            using var server = new SignallingServer();
            using MosisClient bob = phones.OnlineClient("bob", server.Url);
            string? answer = null;
            bob.MessageReceived += message => answer = message.Text;

            using Process echo = Process.Start(Start("dotnet", $"{Program} {server.Url} phone-echo"))!;
            try
            {
                TestPhones.PollUntil(() => bob.Peers.Any(peer => peer.PeerId == "phone-echo"), "the program is online", bob);
                _ = bob.SendMessageAsync("phone-echo", "Hello ☎");
                TestPhones.PollUntil(() => answer != null, "the program answers", bob);
                Assert.That(answer, Is.EqualTo("You said: Hello ☎"));
            }
            finally
            {
                echo.Kill();
                echo.WaitForExit();
            }
        }

        [Test]
        public void FreshProject_WithoutTheNativeLibrary_SaysWhereItLooked()
        {
            string copy = Path.Combine(folder.Path, "without");
            Directory.CreateDirectory(copy);
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Program)!))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
            string errors = ErrorsOf(Start("dotnet", $"{Path.Combine(copy, "echo.dll")} ws://127.0.0.1:1 nobody"));

            Assert.That(errors, Does.Contain("libmosis.so was not found. Looked at:").And.Contain(copy).And.Contain("MOSIS_LIBRARY (not set)"));
        }

        [TestCase("/nonexistent/libmosis.so", "/nonexistent/libmosis.so could not be loaded", TestName = "FreshProject_WithAWrongLibraryPath_NamesThePath")]
        [TestCase(null, "the runtime takes the one beside the program", TestName = "FreshProject_WithTwoLibraries_SaysThatThePathIsPassedOver")]
        public void FreshProject_WithALibraryPath_Fails(string? library, string text)
        {
            ProcessStartInfo start = Start("dotnet", $"{Program} ws://127.0.0.1:1 nobody");
            start.Environment["MOSIS_LIBRARY"] = library ?? Repository.At("bindings/native/build/dev/libmosis.so");

            Assert.That(ErrorsOf(start), Does.Contain(text));
        }

        /// <summary>Runs a program that must fail.</summary>
        private static string ErrorsOf(ProcessStartInfo start)
        {
            start.RedirectStandardError = true;
            using Process process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Not.Zero, errors);
            return errors;
        }

        private static string ProgramOfTheReadme()
        {
            Match block = Regex.Match(File.ReadAllText(Repository.At("bindings/csharp/README.md")), "```csharp\n(.*?)```", RegexOptions.Singleline);
            Assert.That(block.Success, Is.True, "The README holds a program.");
            return block.Groups[1].Value;
        }

        private static void Dotnet(string folder, string arguments) => Programs.Run("dotnet", arguments + " -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false", start => start.WorkingDirectory = folder);

        /// <summary>A process that finds libmosis only by what the package brought.</summary>
        private static ProcessStartInfo Start(string program, string arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
            start.Environment.Remove("MOSIS_LIBRARY");
            start.Environment.Remove("LD_LIBRARY_PATH");
            start.Environment["MOSIS_PROFILE"] = "echo";
            return start;
        }
    }
}
