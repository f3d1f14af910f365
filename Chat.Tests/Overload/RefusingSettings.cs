using Chat.Overload;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Chat.Tests.Overload;

/// <summary>A setting that can't be run with is said when the process starts.</summary>
public sealed class RefusingSettings
{
    [Theory]
    [InlineData("LookEvery", "00:00:00")]
    [InlineData("DrainPerLevel", "-00:00:01")]
    [InlineData("ReceiptsApartTimes", "0")]
    [InlineData("SendsUnderWayMin", "0")]
    [InlineData("SendsUnderWayMin", "20000")]
    [InlineData("SendsWithinRefusing", "00:00:02")]
    [InlineData("ComeBackMax", "00:00:00.5")]
    public async Task It_is_named(string name, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new($"{OverloadOptions.Section}:{name}", value)]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddLoadLevels();
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }
}
