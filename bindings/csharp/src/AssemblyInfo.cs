using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Mosis.Tests")]
