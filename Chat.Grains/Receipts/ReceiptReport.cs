using Chat.Ids;

namespace Chat.Receipts;

/// <summary>"Message info": of all who were to get an entry, also of those who have not.</summary>
internal static class ReceiptReport
{
    public static ReceiptList Of(IEnumerable<UserId> audience, IReadOnlyList<MemberReceipt> times)
    {
        var known = times.ToDictionary(receipt => receipt.UserId);
        List<MemberReceipt> members =
            [.. audience.Select(user => known.GetValueOrDefault(user) ?? new MemberReceipt(user, null, null))];
        return new ReceiptList(
            members,
            members.Count(receipt => receipt.DeliveredAt is not null),
            members.Count(receipt => receipt.ReadAt is not null),
            members.Count);
    }
}
