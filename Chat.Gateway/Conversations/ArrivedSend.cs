using Chat.Conversations;

namespace Chat.Gateway.Conversations;

/// <summary>A send, and when this gateway got it: a timestamp of <see cref="TimeProvider"/>.</summary>
internal readonly record struct ArrivedSend(SendCommand Command, long At);
