using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Chat.Hosting;

/// <summary>Settings are read and checked when the process starts, all in the same way.</summary>
public static class SettingsRegistration
{
    /// <summary>
    /// Binds the options of a section. Before the host does anything, the program says what can't be run
    /// with: what is no number or time, what is negative, and what is zero unless it is named here.
    /// </summary>
    /// <param name="mayBeZero">Names of settings that zero turns off.</param>
    public static OptionsBuilder<T> AddSettings<T>(
        this IHostApplicationBuilder builder, string section, params string[] mayBeZero)
        where T : class, new()
    {
        var settings = builder.Configuration.GetSection(section);
        var options = builder.Services.AddOptions<T>().Configure(read => Read(settings, read));
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            if (LeastOf(property, mayBeZero.Contains(property.Name)) is not var (sign, rule)) continue;
            options.Validate(
                read => SignOf(property.GetValue(read)) >= sign, $"{NameOf(section, property.Name)} {rule}");
        }

        return options.ValidateOnStart();
    }

    /// <summary>What a section's settings are, for what has to know them before the host is built.</summary>
    public static T ReadSettings<T>(this IConfiguration configuration, string section)
        where T : class, new()
    {
        var settings = new T();
        Read(configuration.GetSection(section), settings);
        return settings;
    }

    private static void Read<T>(IConfigurationSection section, T into)
        where T : class
    {
        try
        {
            section.Bind(into);
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }

    private static (int Sign, string Rule)? LeastOf(PropertyInfo property, bool mayBeZero) =>
        SignOf(property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null) is null
            ? null
            : mayBeZero ? (0, "must not be negative.") : (1, "must be positive.");

    private static int? SignOf(object? value) => value switch
    {
        int number => Math.Sign(number),
        double number => Math.Sign(number),
        TimeSpan time => Math.Sign(time.Ticks),
        _ => null,
    };

    /// <summary>A setting as the environment names it, such as <c>Chat__Log__CommitsApart</c>.</summary>
    public static string NameOf(string section, string name) =>
        $"{section.Replace(":", "__", StringComparison.Ordinal)}__{name}";
}
