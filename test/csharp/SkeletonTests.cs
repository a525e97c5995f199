using NUnit.Framework;

namespace Mosis.Tests
{
    public sealed class SkeletonTests
    {
        [Test]
        public void Tests_AreFound() => Assert.That(typeof(SkeletonTests).Assembly.GetName().Name, Is.EqualTo("Mosis.Tests"));
    }
}
