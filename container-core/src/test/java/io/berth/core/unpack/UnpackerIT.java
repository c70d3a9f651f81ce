// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.linux.AtFlag;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.FileStatus;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.TreeCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of archives, honest and hostile; needs root for their owners. ArchiveImportIT does the same in the worker. */
final class UnpackerIT {
    private static final long MOST_BYTES = 4 << 20;
    private static final long MOST_ENTRIES = 200;
    private static final String LONG = "x".repeat(256);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private void unpack(byte[]... archives) throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Path scratch = Files.createDirectories(directory.resolve("scratch"));
        List<Source> sources = new ArrayList<>();
        for (byte[] archive : archives) {
            Path file = Files.createTempFile(directory, "archive", "");
            Files.write(file, archive);
            sources.add(new Source(FileCalls.openat(file.toString(), OpenFlag.O_RDONLY)));
        }
        try {
            new Unpacker(new Budget(MOST_BYTES, MOST_ENTRIES), tree, scratch).unpack(sources);
        } finally {
            sources.forEach(source -> source.file().close());
        }
    }

    private Path in(String path) {
        return directory.resolve("tree").resolve(path);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                hostile("a path out of the tree", "'..'", system().file("etc/../../x", "")),
                hostile("a path out of the tree at its end", "'..'", system().directory("etc/..")),
                hostile("an absolute path", "absolute path", system().file("/x", "")),
                hostile("an absolute path of a link's target", "absolute path", system().hardLink("x", "/etc/passwd")),
                hostile("a hard link out of the tree", "'..'", system().hardLink("x", "../x")),
                hostile("a hard link to nothing", "not there", system().hardLink("x", "y")),
                hostile("a hard link to a directory", "two names", system().hardLink("x", "etc")),
                hostile(
                        "a file through a link",
                        "symbolic link",
                        system().symlink("a", "/tmp").file("a/x", "")),
                hostile(
                        "a file through a link inside",
                        "symbolic link",
                        system().symlink("a", "etc").file("a/x", "")),
                hostile(
                        "a hard link through a link",
                        "symbolic link",
                        system().symlink("a", "/etc").hardLink("x", "a/passwd")),
                hostile(
                        "a directory over a link",
                        "comes twice",
                        system().symlink("a", "/tmp").directory("a/")),
                hostile(
                        "a file over a link",
                        "comes twice",
                        system().symlink("a", "/tmp/x").file("a", "")),
                hostile("a file over a file", "comes twice", system().file("etc/os-release", "")),
                hostile("a link over a file", "comes twice", system().symlink("etc/os-release", "x")),
                hostile("a directory over a file", "comes twice", system().directory("etc/os-release/")),
                hostile("a file below a file", "is none", system().file("etc/os-release/x", "")),
                hostile("a file for the root", "no directory", system().file(".", "")),
                hostile("a disk", "is a device", system().device(TarConstants.LF_BLK, "etc/disk")),
                hostile("a character device", "is a device", system().device(TarConstants.LF_CHR, "dev")),
                hostile("a volume's header", "of a kind", system().link((byte) 'V', "x", "")),
                hostile("a name that is too long", "no file can have", system().file("etc/" + LONG, "")),
                hostile("a path that is too long", "4095 bytes", system().file("long/".repeat(820) + "x", "")),
                hostile("a path that is too deep", "levels", system().file("d/".repeat(201) + "x", "")),
                hostile("a stranger's id", "65536", system().owned("x", 65536)),
                hostile("an id that wraps", "4294967296", system().owned("x", 1L << 32)),
                hostile("a bomb of zeros", "4 MiB", system().file("zeros", new byte[(int) MOST_BYTES])),
                hostile("too many files", "200 entries", many()),
                Arguments.of("no end", "no end mark", system().cutOff()),
                Arguments.of("half an entry", "damaged", Arrays.copyOf(system().toBytes(), 3000)),
                Arguments.of("noise", "damaged", "noise".repeat(1000).getBytes(StandardCharsets.US_ASCII)),
                Arguments.of("nothing", "no end mark", new byte[0]));
    }

    private static TarMaker system() {
        return TarMaker.system();
    }

    private static TarMaker many() {
        TarMaker tar = system();
        for (int i = 0; i < MOST_ENTRIES; i++) {
            tar.file("f" + i, "");
        }
        return tar;
    }

    private static Arguments hostile(String what, String says, TarMaker archive) {
        return Arguments.of(what, says, archive.toBytes());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void hostileArchivesAreRefusedWithOneClearError(String what, String says, byte[] archive) throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        assertThatThrownBy(() -> unpack(archive))
                .isInstanceOf(RefusedArchiveException.class)
                .hasMessageContaining(says);
        assertThat(outside).isEmptyDirectory();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> !String.valueOf(file.getFileName()).startsWith("archive")))
                    .containsExactlyInAnyOrder(outside, directory.resolve("tree"), directory.resolve("scratch"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void whatIsRefusedPlainIsRefusedInOthersForms(String what, String says, byte[] archive) {
        assertThatThrownBy(() -> unpack(metadata("architecture: " + System.getProperty("os.arch")), archive))
                .isInstanceOf(RefusedArchiveException.class);
    }

    /** As GNU tar writes them. */
    @ParameterizedTest
    @ValueSource(strings = {"gnu", "posix"})
    void holesAreUnpackedAndCountedAsWhatTheyStandFor(String format) throws Exception {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("etc"));
        sparse(root, MOST_BYTES / 2, format);
        unpack(Files.readAllBytes(directory.resolve("sparse.tar")));
        assertThat(in("etc/hole")).hasSameBinaryContentAs(root.resolve("etc/hole"));
        reset();
        sparse(root, 1L << 34, format);
        byte[] bomb = Files.readAllBytes(directory.resolve("sparse.tar"));
        assertThat(bomb.length).isLessThan(100_000);
        assertThatThrownBy(() -> unpack(bomb)).isInstanceOf(RefusedArchiveException.class);
    }

    private void sparse(Path root, long size, String format) throws Exception {
        Path file = root.resolve("etc/hole");
        Files.deleteIfExists(file);
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("end".getBytes(StandardCharsets.US_ASCII)), size - 3);
        }
        String archive = directory.resolve("sparse.tar").toString();
        run("tar", "-C", root.toString(), "--sparse", "--format=" + format, "-cf", archive, "etc");
    }

    @Test
    void whatIsNoneOfTheKnownFormsIsRefused() {
        assertThatThrownBy(() -> unpack(new TarMaker().directory("a/").toBytes()))
                .hasMessageContaining("no root file system");
    }

    @Test
    void aCompressionBombIsRefusedBeforeItIsUnpacked() throws Exception {
        byte[] bomb =
                compressed(system().file("zeros", new byte[(int) MOST_BYTES]).toBytes(), "gzip", "-9");
        assertThat(bomb.length).isLessThan(10_000);
        assertThatThrownBy(() -> unpack(bomb)).hasMessageContaining("4 MiB");
    }

    @Test
    void everyCompressionIsUndoneAndDamageToItSeen() throws Exception {
        for (String program : List.of("gzip", "xz", "zstd", "bzip2")) {
            byte[] archive = compressed(system().file(program, program).toBytes(), program, "-c");
            assertThatThrownBy(() -> unpack(Arrays.copyOf(archive, archive.length - 9)))
                    .as(program)
                    .isInstanceOf(RefusedArchiveException.class);
            reset();
            unpack(archive);
            assertThat(in(program)).hasContent(program);
            reset();
        }
    }

    private void reset() throws Exception {
        run("rm", "-rf", directory.resolve("tree").toString());
    }

    private static byte[] compressed(byte[] archive, String... program) throws Exception {
        Process process = new ProcessBuilder(program).start();
        Thread.ofPlatform().start(() -> {
            try (var in = process.getOutputStream()) {
                in.write(archive);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        byte[] bytes = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return bytes;
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void ownersModesLinksAndAttributesAreKept() throws Exception {
        unpack(system().owned("bin/su", 0)
                .owned("home/x", 1000)
                .symlink("bin/sh", "/bin/su")
                .hardLink("bin/same", "bin/su")
                .attribute("bin/ping", "security.capability", "\u0001\0\0\u0002\0 \0\0\0\0\0\0\0\0\0\0\0\0\0\0")
                .attribute("bin/other", "trusted.overlay.opaque", "y")
                .device(TarConstants.LF_CHR, "dev/sda")
                .toBytes());
        FileStatus su = status("bin/su");
        assertThat(su.permissions()).isEqualTo(04755);
        assertThat(su.links()).isEqualTo(2);
        assertThat(status("bin/same").inode()).isEqualTo(su.inode());
        assertThat(status("home/x").uid()).isEqualTo(1000);
        assertThat(Files.readSymbolicLink(in("bin/sh"))).hasToString("/bin/su");
        assertThat(attributes("bin/ping")).containsExactly("security.capability");
        assertThat(attributes("bin/other")).isEmpty();
        assertThat(in("dev")).isEmptyDirectory(); // a container has its own
    }

    private List<String> attributes(String path) {
        try (Fd file = FileCalls.openat(in(path).toString(), OpenFlag.O_PATH)) {
            return List.copyOf(TreeCalls.attributes(file).keySet());
        }
    }

    private FileStatus status(String path) {
        return FileCalls.statx(Fd.AT_FDCWD, in(path).toString(), AtFlag.AT_SYMLINK_NOFOLLOW);
    }

    private static byte[] metadata(String yaml) {
        return new TarMaker().file("metadata.yaml", yaml).toBytes();
    }

    @Test
    void unifiedAndSplitImagesOfLxdAreUnpacked() throws Exception {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
        byte[] unified = new TarMaker()
                .file("rootfs/sbin/init", "init")
                .hardLink("rootfs/sbin/telinit", "rootfs/sbin/init")
                .file("templates/hostname.tpl", "{{ container.name }}")
                .file("metadata.yaml", "architecture: \"" + machine + "\"\ncreation_date: 1\n")
                .toBytes();
        unpack(unified);
        assertThat(in("sbin/telinit")).hasContent("init");
        assertThat(in("templates")).doesNotExist();
        assertThat(in("metadata.yaml")).doesNotExist();
        reset();
        unpack(metadata("architecture: " + machine), system().toBytes());
        assertThat(in("sbin/init")).exists();
        reset();
        assertThatThrownBy(() -> unpack(metadata("architecture: riscv64"), system().toBytes()))
                .hasMessageContaining("'riscv64'");
        assertThatThrownBy(() -> unpack(new TarMaker()
                        .file("metadata.yaml", "architecture: " + machine)
                        .hardLink("rootfs/x", "metadata.yaml")
                        .toBytes()))
                .hasMessageContaining("not below rootfs");
    }

    @Test
    void layersLieOverEachOtherAndHideWhatTheySay() throws Exception {
        byte[] below = system().symlink("lib", "usr/lib")
                .directory("usr/lib/")
                .file("etc/gone", "")
                .file("etc/kept", "below")
                .file("var/cache/a", "")
                .file("var/log/a", "")
                .toBytes();
        byte[] above = new TarMaker()
                .file("var/cache/b", "")
                .file("var/cache/.wh..wh..opq", "") // after what this layer has itself, which stays
                .file("etc/.wh.gone", "")
                .file("etc/.wh.never", "")
                .file("etc/kept", "above")
                .file("lib/new", "through the link of the layer below")
                .directory("var/log/a/") // a directory now
                .toBytes();
        for (byte[] archive : List.of(DockerMaker.saved(below, above), DockerMaker.layout(below, above))) {
            unpack(archive);
            assertThat(in("etc/gone")).doesNotExist();
            assertThat(in("etc/.wh.gone")).doesNotExist();
            assertThat(in("etc/kept")).hasContent("above");
            assertThat(in("var/cache/a")).doesNotExist();
            assertThat(in("var/cache/b")).exists();
            assertThat(in("usr/lib/new")).exists();
            assertThat(in("var/log/a")).isDirectory();
            reset();
            run("rm", "-r", directory.resolve("scratch").toString());
        }
    }

    @Test
    void layersThatLieAreRefused() throws Exception {
        byte[] layer = system().toBytes();
        byte[] other = system().file("etc/backdoor", "").toBytes();
        refused(DockerMaker.savedAs(DockerMaker.config(DockerMaker.MACHINE, layer), other), "should have");
        refused(DockerMaker.savedAs(DockerMaker.config("s390x", layer), layer), "'s390x'");
        refused(DockerMaker.saved(layer, system().file("etc/.wh...", "").toBytes()), "hides no file");
        refused(DockerMaker.saved(layer, system().file("x", "").file("x", "").toBytes()), "comes twice");
        refused(DockerMaker.saved(layer, new TarMaker().file("../x", "").toBytes()), "'..'");
        refused(
                DockerMaker.saved(
                        layer,
                        new TarMaker()
                                .symlink("a", "/proc/self/root")
                                .file("a/b/c", "")
                                .toBytes()),
                "symbolic link");
        refused(new TarMaker().file("manifest.json", "[{},{}]").toBytes(), "2 images");
        refused(new TarMaker().file("manifest.json", "{").toBytes(), "no JSON");
        refused(
                new TarMaker()
                        .file("manifest.json", "[{\"Config\":\"../../etc/passwd\",\"Layers\":[]}]")
                        .toBytes(),
                "'..'");
    }

    private void refused(byte[] archive, String says) throws Exception {
        assertThatThrownBy(() -> unpack(archive))
                .isInstanceOf(RefusedArchiveException.class)
                .hasMessageContaining(says);
        reset();
        run("rm", "-r", directory.resolve("scratch").toString());
    }

    @Test
    void layersThroughALinkStayInTheTree() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        byte[] below = system().symlink("out", outside.toString())
                .symlink("up", "../../../../..")
                .toBytes();
        byte[] above =
                new TarMaker().file("up/landed", "").file("etc/.wh.passwd", "").toBytes();
        unpack(DockerMaker.saved(below, above));
        assertThat(in("landed")).exists();
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void squashfsIsUnpackedAndHeldToTheSameLimits() throws Exception {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("sbin"));
        Files.writeString(root.resolve("sbin/init"), "init");
        run("mknod", Files.createDirectories(root.resolve("dev")).resolve("sda").toString(), "b", "8", "0");
        unpack(squashed(root));
        assertThat(in("sbin/init")).hasContent("init");
        assertThat(in("dev/sda")).doesNotExist();
        reset();
        run("rm", "-r", directory.resolve("scratch").toString());
        run("mknod", root.resolve("disk").toString(), "b", "8", "0");
        refused(squashed(root), "is a device");
        Files.delete(root.resolve("disk"));
        Files.write(root.resolve("zeros"), new byte[(int) MOST_BYTES]);
        refused(squashed(root), "4 MiB");
        Files.delete(root.resolve("zeros"));
        run("chown", "70000", root.resolve("sbin/init").toString());
        refused(squashed(root), "70000");
        refused("hsqs and then nothing".getBytes(StandardCharsets.US_ASCII), "unsquashfs");
    }

    private byte[] squashed(Path root) throws Exception {
        Path file = directory.resolve("image.squashfs");
        Files.deleteIfExists(file);
        Process made = new ProcessBuilder("mksquashfs", root.toString(), file.toString(), "-no-progress", "-quiet")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(made.waitFor()).isZero();
        return Files.readAllBytes(file);
    }
}
