namespace Chat.Load.Messages;

/// <summary>What everybody says.</summary>
internal static class SampleText
{
    private const string Sentence = "Are we still on for lunch at noon? I bring the papers and keys, see you then. ";

    /// <summary>A text of so many bytes in UTF-8.</summary>
    public static string Of(int bytes) =>
        string.Concat(Enumerable.Repeat(Sentence, (bytes / Sentence.Length) + 1))[..bytes];
}
