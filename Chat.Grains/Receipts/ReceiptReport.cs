namespace Chat.Receipts;

/// <summary>"Message info": of all who were to get an entry, also of those who have not.</summary>
internal static class ReceiptReport
{
    public static ReceiptList Of(IReadOnlyList<MemberReceipt> members) => new(
        members,
        members.Count(receipt => receipt.DeliveredAt is not null),
        members.Count(receipt => receipt.ReadAt is not null),
        members.Count);
}
