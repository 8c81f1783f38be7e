"""The stages of an image, one module each.

How to write one:

    '''What this stage makes, and why it stands here in the row.'''

    AFTER = ("configure",)  # the stages whose results it reads; "lock/debian.json" depends on that
                            # one file's content only, so what else the lock says rebuilds nothing
    USES = (chroot,)        # helper modules whose source counts as this stage's own

    @dataclass(frozen=True, kw_only=True)
    class Options:          # everything that shapes the result and is not a file; hashed
        source_date: int

    def options(plan: Plan) -> Options: ...
    def inputs(plan: Plan) -> tuple[Path, ...]: ...     # what it reads of the checkout; hashed
    def run(work: Work, options: Options) -> None: ...  # fills the empty folder `work.result`

A stage's id is a sha256 over its source, its options, its inputs and its predecessors' ids. A
result is written beside its place and renamed when complete, so a stage never sees half a result,
and a stage with an unchanged id never runs again. `run` reads only what it declared, never the
network (`lock` excepted), the clock or the environment; it sorts what it lists, and raises
BuildError(what, where=…, hint=…) for what a person can mend. Results are read-only for everyone
else: copy before you change. Programs of the terminal's architecture run through `chroot.run`.

With an official image `official` stands in the place of `rootfs`.

The row: lock → rootfs, module → configure → bootfiles, app → assemble → bundle → emit. `rootfs`,
`configure` and `app` leave the tree in `work.before["app"] / "tree"`.
"""
