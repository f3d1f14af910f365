using System.Buffers;
using System.Text;
using Chat.Gateway.Wire;

namespace Chat.Gateway.Accounts;

/// <summary>What a username, a password and a display name may be.</summary>
internal static class AccountRules
{
    public const int UsernameLengthMax = 64;
    public const int PasswordLengthMin = 8;
    public const int PasswordLengthMax = 128;

    /// <summary>In UTF-8, as other texts are measured: 100 letters of any script in daily use.</summary>
    public const int DisplayNameBytesMax = 300;

    /// <summary>No character of either text has more bytes than this in UTF-8.</summary>
    public const int BytesOfACharacterMax = 4;

    private static readonly SearchValues<char> UsernameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@+");

    public static bool IsUsername(string text) =>
        text.Length is >= 1 and <= UsernameLengthMax && !text.AsSpan().ContainsAnyExcept(UsernameCharacters);

    public static bool IsDisplayName(string text) =>
        Encoding.UTF8.GetByteCount(text) <= DisplayNameBytesMax && !string.IsNullOrWhiteSpace(text)
        && !text.Any(char.IsControl);

    /// <summary>
    /// What is left of an outside issuer's name for somebody once it follows our rules; may be empty.
    /// </summary>
    public static string ToUsername(string text)
    {
        var kept = string.Concat(text.Where(static c => UsernameCharacters.Contains(c)));
        return kept.Length <= UsernameLengthMax ? kept : kept[..UsernameLengthMax];
    }
}

/// <summary><c>{username, password, displayName?}</c></summary>
internal sealed class CreateAccountRequest : ClientRequest
{
    private string? _username;
    private string? _password;
    private string? _displayName;

    public string Username => _username ?? "";
    public string Password => _password ?? "";
    public string DisplayName => _displayName ?? Username;

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("username"u8))
            _username = fields.Text(AccountRules.UsernameLengthMax);
        else if (fields.Is("password"u8))
            _password = fields.Text(AccountRules.PasswordLengthMax * AccountRules.BytesOfACharacterMax);
        else if (fields.Is("displayName"u8))
            _displayName = fields.Text(AccountRules.DisplayNameBytesMax);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_username is not null, "username");
        fields.Require(_password is not null, "password");
        if (!AccountRules.IsUsername(Username))
            fields.Refuse("username", "must have 1 to 64 of the characters a-z, A-Z, 0-9, . _ - @ +");
        if (Password.Length is < AccountRules.PasswordLengthMin or > AccountRules.PasswordLengthMax)
            fields.Refuse("password", "must have 8 to 128 characters");
        if (_displayName is not null && !AccountRules.IsDisplayName(_displayName))
            fields.Refuse("displayName", "must have 1 to 300 bytes in UTF-8, no control character, not only spaces");
    }
}

/// <summary><c>{username, password}</c></summary>
internal sealed class CreateTokenRequest : ClientRequest
{
    private string? _username;
    private string? _password;

    public string Username => _username ?? "";
    public string Password => _password ?? "";

    protected override void Take(ref FieldReader fields)
    {
        if (fields.Is("username"u8))
            _username = fields.Text(AccountRules.UsernameLengthMax * AccountRules.BytesOfACharacterMax);
        else if (fields.Is("password"u8))
            _password = fields.Text(AccountRules.PasswordLengthMax * AccountRules.BytesOfACharacterMax);
        else
            fields.Skip();
    }

    protected override void Check(ref FieldReader fields)
    {
        fields.Require(_username is not null, "username");
        fields.Require(_password is not null, "password");
    }
}
