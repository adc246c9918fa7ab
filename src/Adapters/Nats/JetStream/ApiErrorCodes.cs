namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>The error numbers of JetStream that make a difference here.</summary>
public static class ApiErrorCodes
{
    /// <summary>There is no such consumer.</summary>
    public const int ConsumerNotFound = 10014;

    /// <summary>A configuration that cannot be, or that a stream cannot be changed to.</summary>
    public const int InvalidConfig = 10052;

    /// <summary>The message is larger than the stream takes.</summary>
    public const int MessageTooLarge = 10054;

    /// <summary>A stream of that name is there with another configuration.</summary>
    public const int StreamNameInUse = 10058;

    /// <summary>There is no such stream.</summary>
    public const int StreamNotFound = 10059;

    /// <summary>Somebody else wrote in between; the server tells the present last sequence.</summary>
    public const int WrongLastSequence = 10071;

    /// <summary>The stream took nothing: it is full, or its store fails.</summary>
    public const int StoreFailed = 10077;

    /// <summary>Somebody else wrote in between; newer servers, without the sequence.</summary>
    public const int WrongLastSequenceConstant = 10164;
}
