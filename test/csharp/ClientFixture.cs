// A fresh client on a stand-in for the native library, for each test.
using NUnit.Framework;

namespace Mosis.Tests
{
    public abstract class ClientFixture
    {
        private protected FakeLink link = null!;
        private protected MosisClient phone = null!;

        [SetUp]
        public void MakeClient()
        {
            link = new FakeLink();
            phone = new MosisClient(new MosisClientOptions("test") { RequestDeadlineMs = 1234 }, link);
        }

        [TearDown]
        public void DisposeClient() => phone.Dispose();
    }
}
