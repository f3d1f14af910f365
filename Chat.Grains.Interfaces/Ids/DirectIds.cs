namespace Chat.Ids;

/// <summary>
/// The ids of direct conversations. They hang on a key that is the store's and made once, so that whoever knows two
/// users can't ask whether they talk: see <c>docs/decisions/0006</c>.
/// <para><b>Invariant.</b> The key is taken up before the host starts and never changes.</para>
/// </summary>
public sealed class DirectIds
{
    private byte[]? _key;

    /// <param name="key">Of <c>IStoreSetup.GetDirectKeyAsync</c>.</param>
    public void TakeUp(byte[] key) => _key = key;

    public ConversationId Of(UserId one, UserId other) => ConversationId.Direct(
        one, other, _key ?? throw new InvalidOperationException("The key was not read before the host started."));
}
