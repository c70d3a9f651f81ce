// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.gateway.Harbour.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that are not OpenSSH's, as Debian packages them: each runs a command, whose exit status it must get, and brings a file there
 * and back. {@link FilesIT} has OpenSSH's own, rsync and git.
 */
@Timeout(120)
class InteropIT {
    @TempDir
    Path directory;

    private Harbour harbour;
    private byte[] data;

    @BeforeEach
    void start() throws Exception {
        harbour = new Harbour(directory);
        data = new byte[1_000_001];
        new Random(11).nextBytes(data);
        Files.write(directory.resolve("source"), data);
    }

    @AfterEach
    void stop() throws Exception {
        harbour.close();
    }

    /** In the test's directory, which is home as well; PORT, KEY and SSH, a command line of OpenSSH's, are set. */
    private Output script(String interpreter, String text) throws Exception {
        Path script = Files.writeString(directory.resolve("script"), text);
        List<String> line = new ArrayList<>(List.of("env", "-C", directory.toString(), "HOME=" + directory));
        Map.of(
                        "PORT", Integer.toString(harbour.port()),
                        "KEY", harbour.key.toString(),
                        "SSH", String.join(" ", harbour.command(harbour.key)))
                .forEach((name, value) -> line.add(name + "=" + value));
        line.addAll(List.of(interpreter.split(" ", -1)));
        line.add(script.toString());
        return Harbour.run(line, new byte[0]);
    }

    private void assertCopies(Output output) {
        assertThat(output.status()).as(output.stdout() + output.stderr()).isZero();
        assertThat(directory.resolve("there")).hasBinaryContent(data);
        assertThat(directory.resolve("back")).hasBinaryContent(data);
    }

    private void bash(String text) throws Exception {
        assertCopies(script("bash -euo pipefail", text));
    }

    @Test
    void dropbearsClient() throws Exception {
        bash("""
                dropbearconvert openssh dropbear "$KEY" dropbear.key
                client() { dbclient -y -i dropbear.key -p "$PORT" demo@127.0.0.1 "$@" 2>err; }
                client 'exit 7' || [ $? = 7 ]
                client "cat > $PWD/there" <source
                client "cat $PWD/there" >back
                """);
    }

    @Test
    void puttysPlinkAndPsftp() throws Exception {
        bash("""
                puttygen "$KEY" -O private -o key.ppk
                hostkey=$(ssh-keygen -lf ssh_host_ed25519_key | cut -d' ' -f2)
                options="-batch -P $PORT -i key.ppk -hostkey $hostkey"
                plink $options demo@127.0.0.1 'exit 7' || [ $? = 7 ]
                [ "$(plink $options demo@127.0.0.1 'echo out')" = out ]
                printf 'put source %s\\nget %s back\\n' "$PWD/there" "$PWD/there" >batch
                psftp $options -b batch demo@127.0.0.1
                """);
    }

    @Test
    void paramiko() throws Exception {
        assertCopies(script("/usr/bin/python3 -W ignore", """
                import os, paramiko
                client = paramiko.SSHClient()
                client.load_host_keys('/dev/null')
                client.set_missing_host_key_policy(paramiko.WarningPolicy())
                client.connect('127.0.0.1', int(os.environ['PORT']), 'demo', key_filename=os.environ['KEY'],
                               allow_agent=False, look_for_keys=False)
                stdin, stdout, stderr = client.exec_command('cat; echo err >&2; exit 7')
                stdin.write('in'); stdin.channel.shutdown_write()
                assert stdout.read() == b'in' and stderr.read() == b'err\\n'
                assert stdout.channel.recv_exit_status() == 7
                shell = client.invoke_shell()
                shell.send('stty size; exit 3\\n')
                assert shell.recv_exit_status() == 3
                files = client.open_sftp()
                files.put('source', os.getcwd() + '/there')
                files.get(os.getcwd() + '/there', 'back')
                client.close()
                """));
    }

    @Test
    void asyncssh() throws Exception {
        assertCopies(script("/usr/bin/python3 -W ignore", """
                import asyncio, asyncssh, os
                async def main():
                    async with asyncssh.connect('127.0.0.1', int(os.environ['PORT']), username='demo', known_hosts=None,
                                                client_keys=[os.environ['KEY']], config=None) as connection:
                        ended = await connection.run('cat; exit 7', input='in')
                        assert (ended.stdout, ended.exit_status) == ('in', 7)
                        killed = await connection.run('kill -TERM $$')
                        assert killed.exit_signal[0] == 'TERM'
                        async with connection.start_sftp_client() as files:
                            await files.put('source', os.getcwd() + '/there')
                            await files.get(os.getcwd() + '/there', 'back')
                asyncio.run(main())
                """));
    }

    @Test
    void rcloneWhichIsGosLibrary() throws Exception {
        bash("""
                remote=":sftp,host=127.0.0.1,port=$PORT,user=demo,key_file=$KEY,shell_type=unix:"
                rclone --config none.conf copyto source "$remote$PWD/there"
                rclone --config none.conf copyto "$remote$PWD/there" back
                [ "$(rclone --config none.conf hashsum sha1 "$remote$PWD/there" | cut -d' ' -f1)" = "$(sha1sum <source | cut -d' ' -f1)" ]
                """);
    }

    @Test
    void lftp() throws Exception {
        bash("""
                lftp -c "set sftp:connect-program \\"$SSH -a -x\\"; set net:max-retries 1; open -u demo,x sftp://127.0.0.1
                    cd $PWD; put source -o there; get there -o back"
                """);
    }

    /** Before 1.11 libssh2 has no MAC but encrypt-and-MAC, and no GCM: RATIONALE.md. */
    @Test
    void curlWhichIsLibssh2() throws Exception {
        Output version = script("bash", "curl --version");
        assumeTrue(
                version.stdout().matches("(?s).*libssh2/1\\.(1[1-9]|[2-9][0-9]).*"),
                "this curl has no libssh2 of 1.11 or newer: "
                        + version.stdout().lines().findFirst().orElse(""));
        bash("""
                options="-sS --insecure --user demo: --key $KEY --pubkey $KEY.pub"
                curl $options -T source "sftp://127.0.0.1:$PORT$PWD/there"
                curl $options -o back "sftp://127.0.0.1:$PORT$PWD/there"
                """);
    }

    @Test
    void ansible() throws Exception {
        bash("""
                export ANSIBLE_SSH_ARGS="${SSH#ssh }" ANSIBLE_NOCOLOR=1 ANSIBLE_PYTHON_INTERPRETER=/usr/bin/python3
                export ANSIBLE_REMOTE_TEMP="$PWD/remote"
                run() { ansible all -i 127.0.0.1, -u demo "$@"; }
                run -m copy -a "src=$PWD/source dest=$PWD/there"
                run -m fetch -a "src=$PWD/there dest=$PWD/back flat=yes"
                ! run -m command -a false >failed
                grep -q rc=1 failed
                """);
    }

    /** How an editor's remote half comes up: a script on a shell's stdin, which answers on stdout and leaves a process behind. */
    @Test
    void shellThatReadsItsScriptFromStdin() throws Exception {
        String script = "mkdir -p " + directory + "/server\n(trap '' HUP; sleep 600 </dev/null >/dev/null 2>&1 &\n"
                + "echo $! >" + directory + "/server/pid)\necho listening-on-7\n";
        Output first = harbour.ssh(script.getBytes(UTF_8), "-T", "demo@127.0.0.1", "sh");
        assertThat(first.stdout()).as(first.stderr()).isEqualTo("listening-on-7\n");
        String pid = Files.readString(directory.resolve("server/pid")).strip();
        Output again =
                harbour.ssh(("kill " + pid + " && echo was-there\n").getBytes(UTF_8), "-T", "demo@127.0.0.1", "sh");
        assertThat(again.stdout()).as(again.stderr()).isEqualTo("was-there\n");
    }
}
