// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;

/**
 * Clients that log in and then sit there, many in one JVM: a thousand of OpenSSH's would cost more than what is measured.
 * <p>
 * usage: IdleClients HOST PORT USER KEY COUNT SOURCES; prints {@code open N}; after a line on stdin {@code held N}; ends with stdin.
 * SOURCES is how many addresses of 127.1.0.0/16 they come from, 0 for the system's choice.
 */
final class IdleClients {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AT_ONCE = 8; // below every server's limit on startups

    private IdleClients() {}

    public static void main(String[] args) throws Exception {
        var target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        var key = new FileKeyPairProvider(Path.of(args[3])).loadKeys(null).iterator().next();
        int count = Integer.parseInt(args[4]);
        int sources = Integer.parseInt(args[5]);
        SshClient client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setServerKeyVerifier((_, _, _) -> true); // the bench's own server, on this machine
        client.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                false, List.of(BuiltinDHFactories.curve25519), org.apache.sshd.client.ClientBuilder.DH2KEX));
        client.start();
        var open = new ConcurrentLinkedQueue<ClientSession>();
        try (var workers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> logins = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                var source = sources == 0 ? null : new InetSocketAddress("127.1.0." + (1 + i % sources), 0);
                logins.add(workers.submit(() -> {
                    ClientSession session = client.connect(args[2], target, source)
                            .verify(PATIENCE)
                            .getSession();
                    session.addPublicKeyIdentity(key);
                    session.auth().verify(PATIENCE);
                    open.add(session);
                    return null;
                }));
            }
            for (Future<?> login : logins) {
                login.get();
            }
        } catch (java.util.concurrent.ExecutionException e) {
            System.err.println("after " + open.size() + " connections: " + e.getCause());
        }
        System.out.println("open " + open.size());
        while (System.in.read() == '\n') {
            System.out.println("held " + open.stream().filter(ClientSession::isOpen).count());
        }
        System.exit(0);
    }
}
