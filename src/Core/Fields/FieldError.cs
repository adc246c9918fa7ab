namespace Harmony.Fleet.Core.Fields;

/// <summary>What is wrong with one field of a resource.</summary>
/// <param name="Path">Where, for example <c>spec.score.PodmanV0.containers[0].image</c>.</param>
/// <param name="Message">What, in Kubernetes' words where it has some, for example <c>Required value: must be specified</c>.</param>
public sealed record FieldError(string Path, string Message)
{
    /// <summary>A field that must be there.</summary>
    public static FieldError Required(string path, string detail) => new(path, $"Required value: {detail}");

    /// <summary>A field that must not be there.</summary>
    public static FieldError Forbidden(string path, string detail) => new(path, $"Forbidden: {detail}");

    /// <summary>A field with a wrong value. At most 100 characters of the value are repeated.</summary>
    public static FieldError Invalid(string path, string value, string detail) =>
        new(path, $"Invalid value: \"{(value.Length <= 100 ? value : value[..100] + "...")}\": {detail}");

    /// <summary>A field with a wrong number.</summary>
    public static FieldError Invalid(string path, long value, string detail) => new(path, $"Invalid value: {value}: {detail}");

    /// <summary>A value that must be unique and is not.</summary>
    public static FieldError Duplicate(string path, string value) => new(path, $"Duplicate value: \"{value}\"");

    /// <summary><c>path: message</c>.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
