namespace Chat.Client;

/// <summary>A user as others see him.</summary>
public sealed record User
{
    /// <summary>Opaque id.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The name that he signs in with.</summary>
    public string Username { get; init; } = "";

    /// <summary>The name that is shown.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>An access token, as <c>POST /tokens</c> gives it.</summary>
public sealed record AccessToken
{
    /// <summary>The bearer token. Keep it out of logs.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("accessToken")]
    public string Value { get; init; } = "";

    /// <summary><c>Bearer</c>.</summary>
    public string TokenType { get; init; } = "";

    /// <summary>Seconds until it expires.</summary>
    public int ExpiresIn { get; init; }

    /// <summary>Whose token it is.</summary>
    public string UserId { get; init; } = "";
}

/// <summary>The server's limits, as <c>GET /limits</c> publishes them.</summary>
public sealed record Limits
{
    /// <summary>UTF-8 bytes of one text.</summary>
    public int TextBytes { get; init; }

    /// <summary>Bytes of one picture.</summary>
    public int ImageBytes { get; init; }

    /// <summary>Pixels of one picture.</summary>
    public int ImagePixels { get; init; }

    /// <summary>Members of one group.</summary>
    public int GroupMembers { get; init; }

    /// <summary>Entries of one history page.</summary>
    public int HistoryPage { get; init; }

    /// <summary>Users that one connection may watch.</summary>
    public int WatchedUsers { get; init; }

    /// <summary>Sends a second of one user, kept up.</summary>
    public int SendsPerSecond { get; init; }

    /// <summary>Sends of one user at once after a rest.</summary>
    public int SendBurst { get; init; }
}
