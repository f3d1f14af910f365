using MessagePack;

namespace Chat.Client;

/// <summary>
/// A stored picture, by reference; the bytes are at <c>/api/v1/media/{mediaId}</c>. Not served yet.
/// </summary>
[MessagePackObject]
public sealed record Media
{
    /// <summary>Opaque id.</summary>
    [Key("mediaId")] public string MediaId { get; init; } = "";

    /// <summary>MIME type of the stored bytes.</summary>
    [Key("contentType")] public string ContentType { get; init; } = "";

    /// <summary>Width in pixels.</summary>
    [Key("width")] public int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    [Key("height")] public int Height { get; init; }

    /// <summary>Size in bytes.</summary>
    [Key("byteLength")] public long ByteLength { get; init; }

    /// <summary>ThumbHash, base64: a blurred preview of some 25 bytes.</summary>
    [Key("thumbHash")] public string ThumbHash { get; init; } = "";
}
