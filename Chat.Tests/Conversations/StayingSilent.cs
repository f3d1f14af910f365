using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Chat.Conversations;
using Chat.Groups;
using Chat.Ids;
using Chat.Refusals;
using Xunit;

namespace Chat.Tests.Conversations;

/// <summary>
/// Orleans writes a call's arguments into its log when the call is late or its silo dies: whatever crosses a grain's
/// interface prints nothing that a user may have written.
/// </summary>
public sealed class StayingSilent
{
    private const string Written = "what a user wrote";
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly Wire = typeof(IConversationGrain).Assembly;

    [Fact]
    public void What_crosses_a_grains_interface_prints_nothing_that_a_user_wrote()
    {
        var types = Crossing();
        Assert.DoesNotContain(typeof(string), Passed().Select(passed => passed.Type));

        Assert.Superset(new HashSet<Type> { typeof(Content), typeof(GroupSettings), typeof(GroupDecision) }, types);
        Assert.Empty(
            from type in types
            where type != typeof(string) && $"{Filled(type)}".Contains(Written, StringComparison.Ordinal)
            orderby type.FullName
            select type.FullName);
    }

    /// <summary>Every argument and answer of every grain, and what they hold.</summary>
    private static HashSet<Type> Crossing()
    {
        var types = new HashSet<Type>();
        foreach (var (_, type) in Passed()) Add(type, types);
        return types;
    }

    private static IEnumerable<(MethodInfo Method, Type Type)> Passed() =>
        from grain in Wire.GetTypes().Where(IsGrain)
        from method in grain.GetMethods()
        from type in method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method.ReturnType.GetGenericArguments())
        select (method, type);

    private static bool IsGrain(Type type) => type.IsInterface && type.IsAssignableTo(typeof(IAddressable));

    private static void Add(Type type, HashSet<Type> types)
    {
        if (ItemOf(type) is { } item)
        {
            Add(item, types);
        }
        else if (types.Add(type) && IsOurs(type))
        {
            foreach (var field in type.GetFields(Own)) Add(field.FieldType, types);
        }
    }

    /// <summary>A value of the type, in which each text is what a user wrote.</summary>
    private static object? Filled(Type type)
    {
        if (type == typeof(string)) return Written;
        if (ItemOf(type) is { } item)
        {
            var one = Filled(item);
            if (Nullable.GetUnderlyingType(type) is not null) return one;
            var list = Array.CreateInstance(item, 1);
            list.SetValue(one, 0);
            return list;
        }

        if (!IsOurs(type)) return type.IsValueType ? RuntimeHelpers.GetUninitializedObject(type) : null;
        var value = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in type.GetFields(Own)) field.SetValue(value, Filled(field.FieldType));
        return value;
    }

    /// <summary>Of an array, a list, a nullable; null: it is none of them.</summary>
    private static Type? ItemOf(Type type) => type switch
    {
        { IsArray: true } => type.GetElementType(),
        { IsGenericType: true } when type.IsAssignableTo(typeof(IEnumerable)) => type.GetGenericArguments()[0],
        _ => Nullable.GetUnderlyingType(type),
    };

    /// <summary>A refusal's texts are ours and name no content; ids are ids.</summary>
    private static bool IsOurs(Type type) => type.Assembly == Wire && !type.IsEnum
        && type != typeof(Refusal) && type != typeof(UserId) && type != typeof(ConversationId);
}
