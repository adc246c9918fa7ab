// Every podman of this machine shares the kernel's packet filter, and netavark does not lock it across storages: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
