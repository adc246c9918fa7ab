namespace Harmony.Fleet.Tests.Cli.Manifests;

public sealed class ManifestReaderTests : IDisposable
{
    private readonly CliUnderTest cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("image: a", "iamge: a", "spec.score.PodmanV0.containers[0].iamge: unknown field: did you mean 'image'?")]
    [InlineData("  targetSelector:", "  targetSelektor:", "spec.targetSelector: is missing: say which devices, or write {} and say --all-devices for all of them")]
    [InlineData("{matchLabels: {a: b}}", "", "spec.targetSelector: is empty: say which devices, or write {} and say --all-devices for all of them")]
    [InlineData("{matchLabels: {a: b}}", "~", "spec.targetSelector: is empty: say which devices, or write {} and say --all-devices for all of them")]
    [InlineData("{matchLabels: {a: b}}", "{matchLabels: , matchExpressions: }", "spec.targetSelector.matchLabels: Required value: it is null, which is no selector: leave it out, or say what must hold; spec.targetSelector.matchExpressions: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("{matchLabels: {a: b}}", "{matchLabels: {a: b}, matchExpressions: [{key: c, operator: In, values: }]}", "spec.targetSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("{matchLabels: {a: b}}", "\n    matchLabels:\n    # site: plant-7\n", "spec.targetSelector.matchLabels: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("{matchLabels: {a: b}}", "{matchLabels: {a: b}, matchExpressions: ~}", "spec.targetSelector.matchExpressions: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("{matchLabels: {a: b}}", "{matchExpressions: [~]}", "spec.targetSelector.matchExpressions[0]: an item is missing: null is none")]
    [InlineData("{matchLabels: {a: b}}", "{matchExpressions: [{key: a, operator: Exists, values: ~}]}", "spec.targetSelector.matchExpressions[0].values: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("{matchLabels: {a: b}}", "{}", "spec.targetSelector: {} means every device: say --all-devices as well, or name labels")]
    [InlineData("{matchLabels: {a: b}}", "{matchLabels: {}, matchExpressions: []}", "spec.targetSelector: {} means every device: say --all-devices as well, or name labels")]
    [InlineData("image: a", "image: a\n          limits:", "spec.score.PodmanV0.containers[0].limits: Required value: it is null, which would mean no limits: give it a value, or leave it out to mean that")]
    [InlineData("image: a", "image: a\n          limits: {memoryBytes: ~}", "spec.score.PodmanV0.containers[0].limits.memoryBytes: Required value: it is null, which would mean no limit: give it a value, or leave it out to mean that")]
    [InlineData("image: a", "image: a\n          ports: [{containerPort: 80, hostPort: 80, hostIP: }]", "spec.score.PodmanV0.containers[0].ports[0].hostIP: Required value: it is null, which would mean every address of the device: give it a value, or leave it out to mean that")]
    [InlineData("image: a", "image: 1.50", "spec.score.PodmanV0.containers[0].image: a text is expected, not 1.50: put it in quotes")]
    [InlineData("image: a", "image: 0x1F", "spec.score.PodmanV0.containers[0].image: a text is expected, not 0x1F: put it in quotes")]
    [InlineData("image: a", "image: 010", "spec.score.PodmanV0.containers[0].image: a text is expected, not 010: put it in quotes")]
    [InlineData("image: a", "image: 1e3", "spec.score.PodmanV0.containers[0].image: a text is expected, not 1e3: put it in quotes")]
    [InlineData("image: a", "image: 12345678901234567890", "spec.score.PodmanV0.containers[0].image: a text is expected, not 12345678901234567890: put it in quotes")]
    [InlineData("image: a", "image: a\n          ports: [{containerPort: 'caf\u00e9 \U0001F600', hostPort: 80}]", "spec.score.PodmanV0.containers[0].ports[0].containerPort: a whole number is expected, not \"caf\u00e9 \U0001F600\"")]
    [InlineData("      containers:", "      replicas: 3\n      containers:", "spec.score.PodmanV0.replicas: unknown field")]
    [InlineData("PodmanV0:", "Podman:", "spec.score.Podman: unknown field: did you mean 'PodmanV0'?")]
    [InlineData("  name: hello", "  name: hello\n  lables: {a: b}", "metadata.lables: unknown field: did you mean 'labels'?")]
    [InlineData("image: a", "image: 5", "spec.score.PodmanV0.containers[0].image: a text is expected, not 5: put it in quotes")]
    [InlineData("image: a", "image: a\n          env: [{name: PORT, value: 8080}]", "spec.score.PodmanV0.containers[0].env[0].value: a text is expected, not 8080: put it in quotes")]
    [InlineData("image: a", "image: a\n          env: {PORT: x}", "spec.score.PodmanV0.containers[0].env: a list is expected, not {\"PORT\":\"x\"}")]
    [InlineData("image: a", "image: a\n          ports: [{containerPort: '80', hostPort: 80}]", "spec.score.PodmanV0.containers[0].ports[0].containerPort: a whole number is expected, not \"80\"")]
    [InlineData("image: a", "image: a\n          ports: [{containerPort: 80, hostPort: 99999999999}]", "spec.score.PodmanV0.containers[0].ports[0].hostPort: a whole number is expected, not 99999999999")]
    [InlineData("image: a", "image: a\n          args: x", "spec.score.PodmanV0.containers[0].args: a list is expected, not \"x\"")]
    [InlineData("image: a", "image: a\n          args: [null]", "spec.score.PodmanV0.containers[0].args[0]: an item is missing: null is none")]
    [InlineData("image: a", "image: a\n          volumeMounts: [{volume: v, mountPath: /v, readOnly: 'yes'}]", "spec.score.PodmanV0.containers[0].volumeMounts[0].readOnly: true or false is expected, not \"yes\"")]
    [InlineData("      containers:", "      restartPolicy: Sometimes\n      containers:", "spec.score.PodmanV0.restartPolicy: one of Always, OnFailure, Never is expected, not \"Sometimes\"")]
    [InlineData("{matchLabels: {a: b}}", "{matchLabels: {a: 1}}", "spec.targetSelector.matchLabels.a: a text is expected, not 1: put it in quotes")]
    [InlineData("{matchLabels: {a: b}}", "{matchLabels: {a: null}}", "spec.targetSelector.matchLabels.a: a text is expected, and null is none: write \"\" for an empty one")]
    [InlineData("{matchLabels: {a: b}}", "{matchExpressions: [{key: a, operator: Within, values: [b]}]}", "spec.targetSelector.matchExpressions[0].operator: Invalid value: \"Within\": not a valid selector operator")]
    [InlineData("kind: Deployment", "kind: Deploymnet", "kind: must be Deployment or Device, not 'Deploymnet': did you mean 'Deployment'?")]
    [InlineData("kind: Deployment", "other: x", "kind: must be Deployment or Device")]
    [InlineData("fleet.nationtech.io/v1alpha1", "apps/v1", "apiVersion: must be fleet.nationtech.io/v1alpha1, not 'apps/v1'")]
    [InlineData("spec:", "spec: 5\nsepc:", "spec: an object is expected, not 5; sepc: unknown field: did you mean 'spec'?")]
    public async Task File_WithAMistake_NamesItsPath(string right, string wrong, string message)
    {
        var yaml = Samples.DeploymentYaml("hello");
        yaml.ShouldContain(right);
        cli.Write("hello.yaml", yaml.Replace(right, wrong, StringComparison.Ordinal));
        (await cli.RunAsync("apply", "-f", "hello.yaml")).ShouldBe(new CliRun(2, string.Empty, $"error: hello.yaml: {message}\n"));
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("8080.0")]
    [InlineData("8.08e3")]
    [InlineData("0x1F90")]
    [InlineData("0o17620")]
    [InlineData("008080")]
    [InlineData("+8080")]
    public async Task Number_HoweverItIsWritten_IsTheNumber(string written)
    {
        cli.Write("hello.yaml", Samples.DeploymentYaml("hello").Replace("image: a", $"image: a\n          ports: [{{containerPort: {written}, hostPort: 80}}]", StringComparison.Ordinal));
        var run = await cli.RunAsync("apply", "-f", "hello.yaml", "--print");
        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldContain("\"containerPort\": 8080,");
    }

    [Theory]
    [InlineData("name: Hello_World", "metadata.name")]
    [InlineData("name: ''", "metadata.name")]
    public async Task File_WithABadName_IsRefusedBeforeAnythingIsSent(string name, string path)
    {
        cli.Write("hello.yaml", Samples.DeploymentYaml("hello").Replace("  name: hello", $"  {name}", StringComparison.Ordinal));
        var run = await cli.RunAsync("apply", "-f", "hello.yaml");
        run.Code.ShouldBe(2);
        run.Error.ShouldContain(path);
    }

    [Fact]
    public async Task Namespace_OfTheFlag_FillsIn_AndMustNotContradict()
    {
        cli.Write("plain.yaml", Samples.DeploymentYaml("hello"));
        (await cli.RunAsync("apply", "-f", "plain.yaml", "-n", "plant", "--print")).Out.ShouldContain("\"namespace\": \"plant\"");
        (await cli.RunAsync("apply", "-f", "plain.yaml", "--print")).Out.ShouldContain("\"namespace\": \"default\"");
        cli.Write("named.yaml", Samples.DeploymentYaml("hello").Replace("  name: hello", "  name: hello\n  namespace: other", StringComparison.Ordinal));
        (await cli.RunAsync("apply", "-f", "named.yaml", "--print")).Out.ShouldContain("\"namespace\": \"other\"");
        (await cli.RunAsync("apply", "-f", "named.yaml", "-n", "plant", "--print")).ShouldBe(
            new CliRun(2, string.Empty, "error: named.yaml: metadata.namespace: is 'other', and --namespace says 'plant'\n"));
    }

    [Fact]
    public async Task Null_IsTheSameAsLeftOut()
    {
        cli.Write("hello.yaml", Samples.DeploymentYaml("hello").Replace("image: a", "image: a\n          env:\n          command: ~", StringComparison.Ordinal));
        (await cli.RunAsync("apply", "-f", "hello.yaml", "--print")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Status_OfAResourceThatWasRead_IsLeftOut()
    {
        cli.Write("hello.yaml", Samples.DeploymentYaml("hello") + "status: {observedGeneration: 3, anything: new}\n");
        var run = await cli.RunAsync("apply", "-f", "hello.yaml", "--print");
        run.Code.ShouldBe(0, run.Error);
        run.Out.ShouldNotContain("status");
    }
}
