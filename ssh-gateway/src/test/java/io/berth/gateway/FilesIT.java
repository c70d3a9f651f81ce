// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.berth.gateway.Harbour.Output;
import io.berth.gateway.audit.AuditEvent;
import io.berth.gateway.audit.AuditEvent.Kind;
import io.berth.gateway.audit.AuditEvent.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files, by the programs that people copy them with. */
@Timeout(120)
class FilesIT {
    @TempDir
    Path directory;

    private Harbour harbour;
    private byte[] data;
    private Path source;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
        data = new byte[4_000_001];
        new Random(7).nextBytes(data);
        source = Files.write(directory.resolve("source"), data);
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    /** The program, then ssh's options as scp and sftp spell them. */
    private List<String> copying(String program, String... arguments) {
        List<String> ssh = harbour.command(harbour.key);
        List<String> line = new ArrayList<>(List.of(program));
        for (String argument : ssh.subList(1, ssh.size())) {
            line.add(argument.equals("-p") ? "-P" : argument);
        }
        line.addAll(List.of(arguments));
        return line;
    }

    private void assertCopies(List<String> command, Path to) throws Exception {
        Output output = Harbour.run(command, new byte[0]);
        assertThat(output.status()).as(output.stderr()).isZero();
        assertThat(to).hasBinaryContent(data);
    }

    @Test
    void scpCopiesBothWaysByBothProtocols() throws Exception {
        for (String protocol : new String[] {"-s", "-O"}) {
            Path there = directory.resolve("there" + protocol);
            Path back = directory.resolve("back" + protocol);
            assertCopies(copying("scp", protocol, source.toString(), "demo@127.0.0.1:" + there), there);
            assertCopies(copying("scp", protocol, "demo@127.0.0.1:" + there, back.toString()), back);
        }
    }

    @Test
    void sftpRunsABatch() throws Exception {
        Path there = directory.resolve("dir/there");
        Path back = directory.resolve("back");
        String batch = "mkdir " + directory.resolve("dir") + "\nput " + source + " " + there + "\nls -l "
                + there.getParent() + "\nget " + there + " " + back + "\nrename " + there + " " + there + "2\nrm "
                + there
                + "2\n";
        Output output = Harbour.run(copying("sftp", "-b", "-", "demo@127.0.0.1"), batch.getBytes(UTF_8));
        assertThat(output.status()).as(output.stderr()).isZero();
        assertThat(back).hasBinaryContent(data);
        assertThat(there.getParent()).isEmptyDirectory();
        await().untilAsserted(() -> assertThat(harbour.events)
                .filteredOn(event -> event.kind() == Kind.FILE)
                .extracting(AuditEvent::what, AuditEvent::outcome, AuditEvent::bytesIn, AuditEvent::bytesOut)
                .containsExactly(
                        tuple("mkdir \"" + there.getParent() + "\" mode=0777", Outcome.DONE, null, null),
                        tuple("open \"" + there + "\" for writing", Outcome.DONE, (long) data.length, 0L),
                        tuple("open \"" + there + "\" for reading", Outcome.DONE, 0L, (long) data.length),
                        tuple("rename \"" + there + "\" to \"" + there + "2\"", Outcome.DONE, null, null),
                        tuple("remove \"" + there + "2\"", Outcome.DONE, null, null)));
    }

    @Test
    void whatTheServerRefusesIsAuditedAsThat() throws Exception {
        Output output = Harbour.run(
                copying("sftp", "-b", "-", "demo@127.0.0.1"),
                ("-rm " + directory.resolve("none") + "\n-get " + directory.resolve("none") + " "
                                + directory.resolve("nowhere") + "\nmkdir " + directory.resolve("id") + "\n")
                        .getBytes(UTF_8));
        assertThat(output.status()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(harbour.events)
                .filteredOn(event -> event.kind() == Kind.FILE)
                .extracting(AuditEvent::what, AuditEvent::outcome)
                .contains(
                        tuple("remove \"" + directory.resolve("none") + "\"", Outcome.FAILED),
                        tuple("mkdir \"" + directory.resolve("id") + "\" mode=0777", Outcome.FAILED)));
    }

    @Test
    void rsyncAndGitRunOverExec() throws Exception {
        String ssh = String.join(" ", harbour.command(harbour.key));
        Path there = directory.resolve("synced");
        assertCopies(List.of("rsync", "-a", "-e", ssh, source.toString(), "demo@127.0.0.1:" + there), there);
        Path bare = directory.resolve("bare.git");
        Path clone = directory.resolve("clone");
        Output git = Harbour.run(
                List.of(
                        "env",
                        "GIT_SSH_COMMAND=" + ssh,
                        "bash",
                        "-ec",
                        "git init -q --bare " + bare + "; git clone -q demo@127.0.0.1:" + bare + " " + clone + "; cd "
                                + clone + "; cp " + source + " file; git add file; git -c user.name=a -c user.email=a@b"
                                + " commit -qm one; git push -q origin HEAD:refs/heads/x; git fetch -q; git --git-dir "
                                + bare + " cat-file blob x:file | cmp - " + source),
                new byte[0]);
        assertThat(git.status()).as(git.stderr()).isZero();
    }
}
