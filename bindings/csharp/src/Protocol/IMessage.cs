namespace Mosis.Protocol
{
    /// <summary>A struct of the schema: a MessagePack map with integer tags.</summary>
    internal interface IMessage
    {
        /// <summary>Appends the map, with ascending tags and every value in its shortest form. Limits of length are checked by the library
        /// that gets it, not here.</summary>
        /// <exception cref="System.ArgumentException">A value that has to be there is null, a text holds half a surrogate pair, or an integer is
        /// above 2^53 − 1.</exception>
        void Encode(MessagePackWriter writer);
    }
}
