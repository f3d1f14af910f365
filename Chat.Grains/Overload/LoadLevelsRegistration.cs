using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chat.Overload;

internal static class LoadLevelsRegistration
{
    /// <summary>The process's gauge; its settings are checked when the host starts.</summary>
    public static void AddLoadLevels(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OverloadOptions>()
            .Bind(builder.Configuration.GetSection(OverloadOptions.Section))
            .Validate(
                load => load.LookEvery > TimeSpan.Zero && load.DrainPerLevel > TimeSpan.Zero,
                "Chat__Overload__LookEvery and DrainPerLevel must be positive.")
            .Validate(
                load => load is { BatchesApartTimes: > 0, PresenceApartTimes: > 0, ReceiptsApartTimes: > 0 },
                "Each of Chat__Overload__BatchesApartTimes, PresenceApartTimes, ReceiptsApartTimes must be positive.")
            .Validate(
                load => load.SendsUnderWayMin > 0 && load.SendsUnderWayMin <= load.SendsUnderWayMax,
                "Chat__Overload__SendsUnderWayMin must be from 1 to SendsUnderWayMax.")
            .Validate(
                load => load.SendsWithinRefusing <= load.SendsWithin,
                "Chat__Overload__SendsWithinRefusing must not be more than SendsWithin.")
            .Validate(
                load => load.ComeBackAfter > TimeSpan.Zero && load.ComeBackAfter <= load.ComeBackMax,
                "Chat__Overload__ComeBackAfter must be positive, and ComeBackMax no less.")
            .ValidateOnStart();
        builder.Services.AddSingleton<LoadGauge>().AddSingleton<PoolDelay>().AddHostedService<LoadLooks>();
    }
}
