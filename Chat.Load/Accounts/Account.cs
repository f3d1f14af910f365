namespace Chat.Load.Accounts;

/// <summary>A user made for this run, signed in.</summary>
/// <param name="Number">Which gateway it goes to first: number modulo gateways.</param>
/// <param name="UserId">As the server named it.</param>
/// <param name="Token">Its access token.</param>
internal sealed record Account(int Number, string UserId, string Token);
