namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>Subjects as NATS matches them: tokens between dots, <c>*</c> for one, a last <c>&gt;</c> for one or more.</summary>
internal static class SubjectMatch
{
    public static bool Matches(string pattern, string subject)
    {
        var (wanted, given) = (pattern.Split('.'), subject.Split('.'));
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == ">" && i == wanted.Length - 1)
            {
                return given.Length > i;
            }

            if (i >= given.Length || (wanted[i] != "*" && wanted[i] != given[i]))
            {
                return false;
            }
        }

        return wanted.Length == given.Length;
    }
}
