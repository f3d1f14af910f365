using System.Reflection;
using Xunit.Sdk;

namespace Chat.Tests.Storage;

/// <summary>Runs a fact over both implementations of the store.</summary>
public sealed class EachStoreAttribute : DataAttribute
{
    public const string PostgreSql = "PostgreSQL";
    public const string Sqlite = "SQLite";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[PostgreSql], [Sqlite]];
}
