// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.client.AgentException;
import io.berth.core.client.AttachedProcess;
import io.berth.core.client.ContainerListener;
import io.berth.core.client.ContainerSocket;
import io.berth.core.protocol.AttachRequest;
import io.berth.core.protocol.Endpoint;
import io.berth.core.protocol.PacketChannel;
import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.TenantName;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.Ticket.Grant;
import io.berth.core.ticket.TicketSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No login without the platform's word, and none beyond it. */
final class TicketIT {
    private RunningServer server;
    private KeyPair key;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer();
        key = server.platformKey();
        server.node.create(Samples.ID, Samples.SPEC);
        server.node.start(Samples.ID);
        server.node.asked.clear();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static Ticket ticket(Grant... grants) {
        return new Ticket(
                Samples.TENANT,
                Samples.ID,
                Samples.USER,
                Set.of(grants),
                "SHA256:abc",
                Instant.now().plusSeconds(60));
    }

    private String signed(Ticket ticket) {
        return new TicketSigner(key.getPrivate()).sign(ticket);
    }

    private void assertForbidden(String ticket, AttachRequest request, String words) {
        assertThatThrownBy(() -> server.client.attach(ticket, request))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.FORBIDDEN))
                .hasMessageContaining(words);
        assertThat(server.node.asked).noneMatch(verb -> verb.startsWith("attach"));
    }

    @Test
    void theGatewayAttachesOnATicket() throws Exception {
        try (PacketChannel gateway = server.connectAs(RunningServer.GATEWAY_UID)) {
            var request = new Request.Attach(signed(ticket(Grant.EXEC)), Samples.attach("exit 5", null));
            assertThat(RunningServer.ask(gateway, request)).isEqualTo(new Reply.Attached(false));
            assertThat(RunningServer.receive(gateway)).isEqualTo(new Reply.Exited(5, null));
        }
    }

    @Test
    void anExpiredTicketIsRefused() {
        var late = new Ticket(
                Samples.TENANT,
                Samples.ID,
                Samples.USER,
                Set.of(Grant.EXEC),
                "x",
                Instant.now().minusSeconds(1));
        assertForbidden(signed(late), Samples.attach("true", null), "expired");
    }

    @Test
    void aTicketThatLivesTooLongIsRefused() {
        var eternal = new Ticket(
                Samples.TENANT,
                Samples.ID,
                Samples.USER,
                Set.of(Grant.EXEC),
                "x",
                Instant.now().plusSeconds(3600));
        assertForbidden(signed(eternal), Samples.attach("true", null), "lives longer");
    }

    @Test
    void aTicketForAnotherUserIsRefused() {
        var other = new AttachRequest(new GuestUser("alice"), "true", null, Map.of());
        assertForbidden(signed(ticket(Grant.EXEC)), other, "not for 'alice'");
    }

    @Test
    void aTicketForAnotherTenantsContainerIsRefused() {
        var foreign = new Ticket(
                new TenantName("evil"),
                Samples.ID,
                Samples.USER,
                Set.of(Grant.EXEC),
                "x",
                Instant.now().plusSeconds(60));
        assertForbidden(signed(foreign), Samples.attach("true", null), "tenant 'evil'");
    }

    @Test
    void aTicketForAContainerThatIsGoneSaysSo() {
        var gone = new Ticket(
                Samples.TENANT,
                ContainerId.of("00000000-0000-4000-8000-0000000000ff"),
                Samples.USER,
                Set.of(Grant.EXEC),
                "x",
                Instant.now().plusSeconds(60));
        assertThatThrownBy(() -> server.client.attach(signed(gone), Samples.attach("true", null)))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.NOT_FOUND));
    }

    @Test
    void eachGrantIsNeeded() {
        assertForbidden(signed(ticket(Grant.SHELL, Grant.PTY)), Samples.attach("true", null), "not for [EXEC]");
        assertForbidden(signed(ticket(Grant.EXEC, Grant.PTY)), Samples.attach(null, null), "not for [SHELL]");
        assertForbidden(signed(ticket(Grant.EXEC)), Samples.attach("true", Samples.PTY), "not for [PTY]");
        assertForbidden(signed(ticket()), Samples.attach("true", null), "not for [EXEC]");
        var sftp = new AttachRequest(Samples.USER, null, AttachRequest.Subsystem.SFTP, null, Map.of());
        assertForbidden(signed(ticket(Grant.EXEC, Grant.SHELL)), sftp, "not for [SFTP]");
    }

    @Test
    void forwardsNeedTheirGrantsAndTheirUser() {
        var there = new Endpoint.Unix("/nowhere");
        assertThatThrownBy(() -> server.client.connect(signed(ticket(Grant.LISTEN)), Samples.USER, there))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("not for [CONNECT]");
        assertThatThrownBy(() -> server.client.listen(signed(ticket(Grant.CONNECT)), Samples.USER, there))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("not for [LISTEN]");
        assertThatThrownBy(() -> server.client.connect(signed(ticket(Grant.CONNECT)), new GuestUser("alice"), there))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("not for 'alice'");
        assertThat(server.node.asked).noneMatch(verb -> verb.startsWith("connect") || verb.startsWith("listen"));
    }

    @Test
    void forwardedSocketsCarryBothWays(@TempDir Path directory) throws Exception {
        Endpoint there = new Endpoint.Unix(directory.resolve("socket").toString());
        try (ContainerListener listener = server.client.listen(signed(ticket(Grant.LISTEN)), Samples.USER, there);
                ContainerSocket client = server.client.connect(signed(ticket(Grant.CONNECT)), Samples.USER, there);
                ContainerSocket accepted = listener.accept()) {
            client.output().write("ping".getBytes(UTF_8));
            client.output().close();
            assertThat(accepted.input().readAllBytes()).isEqualTo("ping".getBytes(UTF_8));
            accepted.output().write("pong".getBytes(UTF_8));
            accepted.output().close();
            assertThat(client.input().readAllBytes()).isEqualTo("pong".getBytes(UTF_8));
        }
    }

    @Test
    void whatNoSocketCanBeIsRefusedByItsField() {
        String ticket = signed(ticket(Grant.CONNECT, Grant.LISTEN));
        assertInvalid(ticket, new Endpoint.Tcp("-x", 80), "to.host");
        assertInvalid(ticket, new Endpoint.Tcp("a b", 80), "to.host");
        assertInvalid(ticket, new Endpoint.Tcp("host", 0), "to.port");
        assertInvalid(ticket, new Endpoint.Tcp("host", 65_536), "to.port");
        assertInvalid(ticket, new Endpoint.Unix("/" + "x".repeat(107)), "to.path");
        assertInvalid(ticket, new Endpoint.Unix("/a\0b"), "to.path");
        assertInvalid(ticket, new Endpoint.Private(), "a private socket can only be listened at");
    }

    private void assertInvalid(String ticket, Endpoint to, String words) {
        assertThatThrownBy(() -> server.client.connect(ticket, Samples.USER, to))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.INVALID))
                .hasMessageContaining(words);
    }

    @Test
    void aTamperedTicketIsRefused() {
        String[] parts = signed(ticket(Grant.EXEC)).split("\\.", -1);
        String json = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String richer = json.replace("EXEC", "SHELL");
        assertThat(richer).isNotEqualTo(json);
        String payload =
                Base64.getUrlEncoder().withoutPadding().encodeToString(richer.getBytes(StandardCharsets.UTF_8));
        assertForbidden(parts[0] + "." + payload + "." + parts[2], Samples.attach(null, null), "not signed");
    }

    @Test
    void anotherKeysTicketIsRefused() {
        String foreign = new TicketSigner(RunningServer.newKey().getPrivate()).sign(ticket(Grant.EXEC));
        assertForbidden(foreign, Samples.attach("true", null), "not signed");
    }

    @Test
    void algorithmNoneIsRefused() {
        String[] parts = signed(ticket(Grant.EXEC)).split("\\.", -1);
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertForbidden(none + "." + parts[1] + ".", Samples.attach("true", null), "malformed");
    }

    @Test
    void aNewKeyCountsAtOnceAndTheOldOneNoMore() throws Exception {
        String old = signed(ticket(Grant.EXEC));
        try (AttachedProcess process = server.client.attach(old, Samples.attach("true", null))) {
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(0, null));
        }
        key = server.platformKey();
        server.node.asked.clear();
        assertForbidden(old, Samples.attach("true", null), "not signed");
        try (AttachedProcess process = server.client.attach(signed(ticket(Grant.EXEC)), Samples.attach("true", null))) {
            assertThat(process.waitFor()).isEqualTo(new Reply.Exited(0, null));
        }
    }

    @Test
    void withoutTheKeyNobodyLogsIn() throws Exception {
        Files.delete(server.ticketKey);
        assertUnusable("ENOENT");
        Files.createSymbolicLink(server.ticketKey, Path.of("/etc/passwd"));
        assertUnusable("ELOOP");
        Files.delete(server.ticketKey);
        Files.writeString(server.ticketKey, "x".repeat(5000));
        assertUnusable("no regular file of at most 4096 bytes");
        Files.writeString(server.ticketKey, "garbage");
        assertUnusable("no PEM");
        Files.delete(server.ticketKey);
        assertThat(new ProcessBuilder("mkfifo", server.ticketKey.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertUnusable("no regular file");
    }

    private void assertUnusable(String words) {
        assertThatThrownBy(() -> server.client.attach(signed(ticket(Grant.EXEC)), Samples.attach("true", null)))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.UNSUPPORTED))
                .hasMessageContaining(words)
                .hasMessageContaining("./berth up");
    }
}
