// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.Harbour.Output;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One of OpenSSH's own regress scripts, as Debian's openssh-tests has them, in a directory of its own. They were written for one
 * machine that runs client and server; what is changed in them is listed here, and each change must find its place.
 */
final class OpenSshScript {
    static final Path REGRESS = Path.of("/usr/lib/openssh/regress");
    static final String STOCK = "/usr/sbin/sshd";

    private static final String SFTP_SERVER = "/usr/lib/openssh/sftp-server";
    private static final List<String> PROGRAMS = List.of("netcat", "mkdtemp", "modpipe", "misc", "config.h");
    private static final int MOST_SECONDS = 600; // a guard and no measure: they share the machine with each other
    /** rekey.sh tries each cipher with each key exchange, with a dozen exchanges each. */
    private static final List<String> FEW = List.of(
            "sntrup761x25519-sha512@openssh.com",
            "aes128-gcm@openssh.com",
            "chacha20-poly1305@openssh.com",
            "hmac-sha2-256-etm@openssh.com",
            "ssh-ed25519");

    /** sftp.sh copies in pieces of five bytes: 400 KiB of them are a test of patience. */
    private static final String SMALL_FILE = REGRESS + "/test-exec.sh";

    private final String name;
    private final Path obj;
    private final int port;
    private final int fixedPorts;

    /**
     * @param keys user keys, named as the scripts name them
     * @param port of the server; the next two are the script's
     * @param fixedPorts where the script's other ports begin, in hundreds
     */
    OpenSshScript(String name, Path obj, Path keys, int port, int fixedPorts) throws IOException {
        this.name = name;
        this.obj = Files.createDirectories(obj);
        this.port = port;
        this.fixedPorts = fixedPorts;
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(obj.resolve(program), REGRESS.resolve(program));
        }
        copyScripts();
        copyKeys(keys);
        for (String standIn : List.of("sshd", "ssh", "sftp-server")) {
            program("stand-in-" + standIn, resource(standIn));
        }
        Files.write(obj.resolve("algorithms"), name.equals("rekey") ? FEW : algorithms());
    }

    /** What the gateway offers, and ssh-rsa: with SHA-2, which a key's name does not say. */
    private static List<String> algorithms() {
        return Stream.of(
                        Algorithms.keyExchanges().stream().map(factory -> factory.getName()),
                        Algorithms.ciphers().stream().map(factory -> factory.getName()),
                        Algorithms.macs().stream().map(factory -> factory.getName()),
                        Algorithms.signatures().stream().map(factory -> factory.getName()),
                        Stream.of("ssh-rsa"))
                .flatMap(names -> names)
                .toList();
    }

    private void copyScripts() throws IOException {
        try (Stream<Path> files = Files.list(REGRESS)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".sh")).toList()) {
                program(
                        file.getFileName().toString(),
                        changed(file.getFileName().toString(), Files.readString(file)));
            }
        }
    }

    private String changed(String file, String script) {
        String passing = script.replace("_XXX_TEST", "LC_XXXTEST"); // a name that a client may set here
        return switch (file) {
            // two runs at once
            case "forwarding.sh" -> replaced(passing, "base=33", "base=" + fixedPorts);
            case "multiplex.sh" -> replaced(passing, "P=3301", "P=" + (fixedPorts + 1) + "01");
            // what only a sshd_config can bring about: a server that rekeys after 16 bytes; and it sleeps less
            case "rekey.sh" -> replaced(withoutServersLimits(passing), "for s in 5 10; do", "for s in 5; do");
            // MINA reads no certificates of security keys
            case "agent.sh" ->
                replaced(
                        passing,
                        "if [ \"$t\" != \"ssh-dss\" ]; then\n\ttrace",
                        "if [ \"${t#sk-}\" = \"$t\" ]; then\n\ttrace");
            // the one of the stand-ins leads to a server, and so would call itself
            case "test-exec.sh" -> replaced(passing, "sftp\t$SFTPSERVER", "sftp\t" + SFTP_SERVER);
            // the server's scp instead of this machine's
            case "scp-ssh-wrapper.sh" ->
                replaced(
                        replaced(passing, "set -- $arg\n\tshift\n", ""),
                        "exec $SCP \"$@\"",
                        "exec /usr/bin/ssh -q -F " + obj + "/ssh_proxy somehost \"$arg\"");
            default -> passing;
        };
    }

    private String withoutServersLimits(String script) {
        int first = script.lastIndexOf("\nfor s in", required(script, "server rekeylimit ${s}"));
        int end = script.lastIndexOf("\nverbose", required(script, "rekeylimit parsing"));
        return script.substring(0, first) + script.substring(end);
    }

    private String replaced(String script, String old, String now) {
        required(script, old);
        return script.replace(old, now);
    }

    private int required(String script, String text) {
        int at = script.indexOf(text);
        if (at < 0) {
            throw new IllegalStateException(name + ".sh of this openssh-tests has no '" + text
                    + "'; look at what has changed, then mend OpenSshScript");
        }
        return at;
    }

    private void copyKeys(Path keys) throws IOException {
        try (Stream<Path> files = Files.list(keys)) {
            for (Path file : files.toList()) {
                Files.copy(file, obj.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private String resource(String standIn) throws IOException {
        try (InputStream in = OpenSshScript.class.getResourceAsStream("/openssh-tests/" + standIn)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@PORT@", Integer.toString(port))
                    .replace("@OBJ@", obj.toString());
        }
    }

    private void program(String file, String text) throws IOException {
        Files.writeString(obj.resolve(file), text);
        Files.setPosixFilePermissions(obj.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** authorized_keys as the script has written it just now. */
    List<String> authorizedKeys() {
        Path file = obj.resolve("authorized_keys_" + System.getProperty("user.name"));
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param stock whether the server is to be OpenSSH's own, which the script starts itself */
    Output run(boolean stock) throws IOException, InterruptedException {
        Path output = obj.resolve("output");
        var builder = new ProcessBuilder(
                        "sh",
                        obj.resolve("test-exec.sh").toString(),
                        obj.toString(),
                        obj.resolve(name + ".sh").toString())
                .directory(obj.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "TEST_SHELL",
                        "sh",
                        "BUILDDIR",
                        obj.toString(),
                        "TEST_SSH_PORT",
                        Integer.toString(port),
                        "TEST_SSH_SSH",
                        obj + "/stand-in-ssh",
                        "TEST_SSH_SSHD",
                        stock ? STOCK : obj + "/stand-in-sshd",
                        "TEST_SSH_SFTPSERVER",
                        name.contains("sftp") || name.contains("scp")
                                ? obj + "/stand-in-sftp-server"
                                : "/usr/lib/openssh/sftp-server",
                        "TEST_SSH_UNSAFE_PERMISSIONS",
                        "1"));
        if (name.equals("sftp")) {
            builder.environment().put("TEST_SSH_SSHAGENT", SMALL_FILE);
        }
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output);
            return ended
                    ? new Output(process.exitValue(), new byte[0], said)
                    : new Output(-1, new byte[0], said + "\nit did not end in " + MOST_SECONDS + " s");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            endServer();
        }
    }

    /** Where the script did not come to it. */
    private void endServer() throws IOException {
        Path file = obj.resolve("pidfile");
        if (Files.exists(file)) {
            ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).ifPresent(ProcessHandle::destroy);
        }
    }
}
