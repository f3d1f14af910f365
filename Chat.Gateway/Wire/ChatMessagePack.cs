using System.Collections.Concurrent;
using Chat.Refusals;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace Chat.Gateway.Wire;

/// <summary>The hub's MessagePack: string-keyed maps under the contract's names.</summary>
internal static class ChatMessagePack
{
    public static MessagePackSerializerOptions Create(ChatLimits limits) =>
        MessagePackSerializerOptions.Standard
            .WithResolver(new ChatFormatters(limits))
            .WithSecurity(MessagePackSecurity.UntrustedData);
}

/// <summary>
/// Finds the formatter of a type: requests are read by <see cref="FieldReader"/>, what every message has is written by
/// hand, and the other answers follow their <c>[Key]</c>s.
/// </summary>
internal sealed class ChatFormatters(ChatLimits limits) : IFormatterResolver
{
    private readonly ConcurrentDictionary<Type, object> _requests = new();

    public IMessagePackFormatter<T>? GetFormatter<T>() =>
        typeof(T).IsSubclassOf(typeof(ClientRequest))
            ? (IMessagePackFormatter<T>)_requests.GetOrAdd(typeof(T), CreateRequestFormatter)
            : Answers<T>.Formatter;

    private object CreateRequestFormatter(Type type) =>
        Activator.CreateInstance(typeof(RequestFormatter<>).MakeGenericType(type), limits)!;

    private static class Answers
    {
        public static readonly IMessagePackFormatter[] ByHand =
        [
            new UserIdFormatter(), new ConversationIdFormatter(), new ContentFormatter(), new MessageFormatter(),
            new EmptyAnswerFormatter(), new TimeFormatter(),
            // The built-in one would not ask for ours.
            new StaticNullableFormatter<DateTimeOffset>(new TimeFormatter()),
        ];

        public static readonly IFormatterResolver[] ByType =
        [
            BuiltinResolver.Instance, AttributeFormatterResolver.Instance, DynamicGenericResolver.Instance,
            DynamicObjectResolver.Instance, PrimitiveObjectResolver.Instance,
        ];
    }

    private static class Answers<T>
    {
        public static readonly IMessagePackFormatter<T>? Formatter =
            Answers.ByHand.OfType<IMessagePackFormatter<T>>().FirstOrDefault()
            ?? Answers.ByType.Select(resolver => resolver.GetFormatter<T>()).FirstOrDefault(found => found is not null);
    }
}
