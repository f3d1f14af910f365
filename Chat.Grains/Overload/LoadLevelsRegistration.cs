using Chat.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chat.Overload;

internal static class LoadLevelsRegistration
{
    /// <summary>The process's gauge; its settings are checked when the host starts.</summary>
    public static void AddLoadLevels(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<OverloadOptions>(
                OverloadOptions.Section, nameof(OverloadOptions.QueuedMin), nameof(OverloadOptions.FallAfter),
                nameof(OverloadOptions.WarmUp), nameof(OverloadOptions.LetInAtLeast),
                nameof(OverloadOptions.SendsWithin), nameof(OverloadOptions.SendsWithinRefusing))
            .Validate(
                load => load.SendsUnderWayMin <= load.SendsUnderWayMax,
                "Chat__Overload__SendsUnderWayMin must not be more than SendsUnderWayMax.")
            .Validate(
                load => load.SendsWithinRefusing <= load.SendsWithin,
                "Chat__Overload__SendsWithinRefusing must not be more than SendsWithin.")
            .Validate(
                load => load.ComeBackAfter <= load.ComeBackMax,
                "Chat__Overload__ComeBackAfter must not be more than ComeBackMax.");
        builder.Services.AddSingleton<LoadGauge>().AddSingleton<PoolDelay>().AddHostedService<LoadLooks>();
    }
}
