// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That {@link TracedRunIT} would see what it looks for. */
class TerritoryTest {
    private static final Path POOL = Path.of("/pool");
    private static final Path STAGING = Path.of("/run/staging");

    private static Territory territory(String... lines) {
        return new Territory(new Trace(List.of(lines)), POOL, STAGING);
    }

    @Test
    void pathBelowARootfsIsATrespass() {
        assertThat(territory("9 openat(AT_FDCWD</>, \"/pool/containers/c1/upper/etc/passwd\", O_RDONLY) = 3</x>")
                        .trespasses())
                .hasSize(1);
        assertThat(territory("9 chown(\"/pool/trash/t1/upper/a\", 0, 0) = 0").trespasses())
                .hasSize(1);
        assertThat(territory("9 openat(7</pool/containers/c1/upper>, \"etc/passwd\", O_RDONLY|O_NOFOLLOW) = 3")
                        .trespasses())
                .hasSize(1);
        assertThat(territory("9 openat(7</pool/containers/c1/upper/a>, \"..\", O_RDONLY|O_NOFOLLOW) = 3")
                        .trespasses())
                .hasSize(1);
        assertThat(territory("9 openat(AT_FDCWD</>, \"/run/staging/etc/passwd\", O_RDONLY|O_NOFOLLOW) = 3")
                        .trespasses())
                .hasSize(1);
    }

    @Test
    void entryThatMayBeALinkIsATrespass() {
        assertThat(territory("9 openat(7</pool/containers/c1>, \"upper\", O_RDONLY) = 3</pool/containers/c1/upper>")
                        .trespasses())
                .hasSize(1);
        assertThat(territory("9 newfstatat(7</pool/containers/c1/upper>, \"a\", {st_mode=S_IFDIR}, 0) = 0")
                        .trespasses())
                .hasSize(1);
    }

    @Test
    void procOfAnotherProcessIsATrespass() {
        assertThat(territory("9 openat(AT_FDCWD</>, \"/proc/77/root/etc/passwd\", O_RDONLY) = 3")
                        .trespasses())
                .hasSize(1);
        assertThat(territory(
                                "9 openat(AT_FDCWD</>, \"/pool\", O_RDONLY) = 3</pool>",
                                "9 stat(\"/proc/self/fd/3/containers/c1/upper/a\", {st_mode=S_IFDIR}) = 0")
                        .trespasses())
                .hasSize(1);
        assertThat(territory("9 readlink(\"/proc/77/exe\", \"/bin/sh\", 99) = 7")
                        .trespasses())
                .isEmpty();
    }

    @Test
    void entryRelativeToADescriptorIsNone() {
        Territory territory = territory(
                "9 openat(7</pool/containers/c1>, \"upper\", O_RDONLY|O_NOFOLLOW|O_DIRECTORY) = 3</pool/containers/c1/upper>",
                "9 unlinkat(3</pool/containers/c1/upper>, \"a, \\\"b\", 0) = 0",
                "9 newfstatat(3</pool/containers/c1/upper>, \"\", {st_mode=S_IFDIR}, AT_EMPTY_PATH) = 0",
                "9 openat2(3</pool/containers/c1/upper>, \"a/b\", {resolve=RESOLVE_IN_ROOT}, 24) = 4");
        assertThat(territory.trespasses()).isEmpty();
        assertThat(territory.visits()).isEqualTo(3);
    }

    @Test
    void upIsForTheTrashOnly() {
        assertThat(territory("9 openat(7</pool/trash/t1/upper/a>, \"..\", O_RDONLY|O_NOFOLLOW) = 3")
                        .trespasses())
                .isEmpty();
        assertThat(territory("9 openat(7</pool/trash/t1/upper/a>, \"../..\", O_RDONLY|O_NOFOLLOW) = 3")
                        .trespasses())
                .hasSize(1);
    }

    @Test
    void whatIsBelowADetachedMountIsKnown() {
        assertThat(territory(
                                "9 open_tree(5</pool/containers>, \"c1\", OPEN_TREE_CLONE|AT_SYMLINK_NOFOLLOW) = 6</>",
                                "9 openat(6</>, \"upper\", O_RDONLY|O_NOFOLLOW) = 7</upper>",
                                "9 openat(7</upper>, \"etc\", O_RDONLY) = 8</upper/etc>")
                        .trespasses())
                .singleElement()
                .asString()
                .contains("\"etc\"");
    }

    @Test
    void processOfTheContainerMayDoWhatItLikes() {
        assertThat(territory(
                                "9 clone3({flags=CLONE_PARENT, exit_signal=0}, 88 <unfinished ...>",
                                "10 setns(6<anon_inode:[pidfd]>, CLONE_NEWNS|CLONE_NEWUSER) = 0",
                                "10 clone3({flags=CLONE_PARENT}, 88) = 11",
                                "9 <... clone3 resumed>) = 10",
                                "11 vfork( <unfinished ...>",
                                "11 <... vfork resumed>) = 2 /* 12 in strace's PID NS */",
                                "12 openat(AT_FDCWD</>, \"/pool/containers/c1/upper/etc/passwd\", O_RDONLY) = 3")
                        .trespasses())
                .isEmpty();
    }

    @Test
    void processIsTheHostsUntilItEnters() {
        assertThat(territory(
                                "9 clone3({flags=CLONE_PARENT, exit_signal=0}, 88) = 10",
                                "10 openat(AT_FDCWD</>, \"/pool/containers/c1/upper/a\", O_RDONLY) = 3",
                                "10 setns(6<anon_inode:[pidfd]>, CLONE_NEWUSER) = 0")
                        .trespasses())
                .hasSize(1);
    }
}
