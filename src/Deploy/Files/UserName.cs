using System.Globalization;

namespace Harmony.Fleet.Deploy.Files;

/// <summary>What users are called.</summary>
internal static class UserName
{
    private const string Book = "/etc/passwd";

    /// <summary>The user with a number: <c>user pi (1000)</c>; by the number alone where this machine's own book does not have it.</summary>
    public static string Of(uint number)
    {
        var digits = number.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines(Book).Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == digits) is [{ Length: > 0 } name, ..]
                ? $"user {name} ({digits})"
                : $"user {digits}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"user {digits}";
        }
    }
}
