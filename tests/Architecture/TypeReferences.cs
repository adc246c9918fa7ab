using System.Reflection;
using System.Reflection.Emit;

namespace Harmony.Fleet.Tests.Architecture;

/// <summary>Which types a type names: in its signatures, its attributes, and the code of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>The types that <paramref name="type"/> names; those of its nested types are their own.</summary>
    public static IEnumerable<Type> Of(Type type)
    {
        IEnumerable<Type> shape = [.. type.GetInterfaces(), .. type.BaseType is { } parent ? [parent] : (Type[])[], .. Attributes(type)];
        var fields = type.GetFields(Declared).SelectMany(field => Attributes(field).Append(field.FieldType));
        var methods = type.GetMethods(Declared).SelectMany(method => Method(method).Append(method.ReturnType));
        var constructors = type.GetConstructors(Declared).SelectMany(Method);
        return shape.Concat(fields).Concat(methods).Concat(constructors).SelectMany(Parts);
    }

    /// <summary>What a type is made of: itself without arguments, its arguments, its elements.</summary>
    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericParameter: true } => [],
        { IsConstructedGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(attribute =>
        attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(argument => argument.TypedValue))
            .Select(argument => argument.Value).OfType<Type>().Append(attribute.AttributeType));

    private static IEnumerable<Type> Method(MethodBase method)
    {
        var signature = Attributes(method).Concat(method.GetParameters().Select(parameter => parameter.ParameterType));
        var constraints = method.IsGenericMethodDefinition ? method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()) : [];
        return method.GetMethodBody() is { } body ? signature.Concat(constraints).Concat(Body(method, body)) : signature.Concat(constraints);
    }

    private static IEnumerable<Type> Body(MethodBase method, MethodBody body)
    {
        var locals = body.LocalVariables.Select(local => local.LocalType);
        var caught = body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType!);
        return locals.Concat(caught).Concat(Tokens(body.GetILAsByteArray()!).SelectMany(token => Member(method, token)));
    }

    private static IEnumerable<Type> Member(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        var member = method.Module.ResolveMember(token, ofType, ofMethod);
        return member switch
        {
            Type named => [named],
            MethodInfo { IsGenericMethod: true } called => called.GetGenericArguments().Append(called.DeclaringType!),
            _ => member?.DeclaringType is { } owner ? [owner] : [],
        };
    }

    /// <summary>The metadata tokens of types and members in <paramref name="code"/>.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? 0xFE00 | code[at + 1] : code[at];
            at += value > 0xFF ? 2 : 1;
            var operand = Codes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
