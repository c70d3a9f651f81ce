// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.ticket.Ticket;
import io.berth.core.ticket.TicketVerifier;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.EchoTerminal;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import io.berth.platform.testing.TerminalWindow;
import java.nio.file.Files;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Terminals in the browser: real HTTP and WebSockets; the program at the other end is the test's. */
@ExtendWith(SharedPlatform.class)
class TerminalIT {
    private static final String PASSWORD = "a long enough password";

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = fresh();
    private final String container = "/tenants/" + tenant + "/containers/web";
    private final String terminals = container + "/terminals";

    TerminalIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    private static String fresh() {
        return "t" + UUID.randomUUID().toString().substring(0, 8);
    }

    @BeforeEach
    void makeContainer() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    private String person() {
        String name = fresh();
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
        admin.put("/tenants/" + tenant + "/members/" + name, "{\"role\":\"MEMBER\"}");
        return name;
    }

    private Api token(String person) {
        Api.Answer made = Api.basic(platform.address(), person, PASSWORD)
                .post("/tokens", "{\"name\":\"t\",\"scopes\":[\"WRITE\"]}");
        return Api.bearer(platform.address(), made.text("token"));
    }

    private Api member() {
        return token(person());
    }

    /** A browser with its cookies, and the header that CSRF asks for. */
    private Api browser(String person) {
        Api.Answer begun = platform.anonymous()
                .post("/session", "{\"userName\":\"" + person + "\",\"password\":\"" + PASSWORD + "\"}");
        assertThat(begun.status()).isEqualTo(200);
        Api signedIn = platform.anonymous().with("Cookie", cookies(begun));
        Api.Answer looked = signedIn.get("/session");
        String csrf = cookies(looked);
        String both = cookies(begun) + (csrf.isEmpty() ? "" : "; " + csrf);
        String token = both.replaceAll(".*XSRF-TOKEN=([^;]*).*", "$1");
        return platform.anonymous().with("Cookie", both).with("X-XSRF-TOKEN", token);
    }

    private static String cookies(Api.Answer answer) {
        return String.join(
                "; ",
                answer.response().headers().allValues("Set-Cookie").stream()
                        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                        .toList());
    }

    private Api.Answer open(Api api) {
        Api.Answer opened = api.post(terminals, "{\"columns\":100,\"rows\":30}");
        assertThat(opened.status()).as(opened.toString()).isEqualTo(201);
        return opened;
    }

    private EchoTerminal newest() {
        return platform.agent().terminals().getLast();
    }

    @Test
    void whatIsTypedComesBackAndTheStatusAtTheEnd() throws Exception {
        Api member = member();
        Api.Answer opened = open(member);
        try (TerminalWindow window = TerminalWindow.open(member, opened)) {
            assertThat(window.awaitText("attached").path("columns").asInt()).isEqualTo(100);
            window.awaitShown("root$ 100x30");
            window.type("grüß dich\n");
            window.awaitShown("grüß dich");
            window.text("{\"resize\":{\"columns\":120,\"rows\":40}}");
            window.awaitShown("now 120x40");
            window.type("exit 7\n");
            assertThat(window.awaitText("exited").path("status").asInt()).isEqualTo(7);
            window.awaitClosed();
        }
        var shown = member.get(terminals + "/" + opened.text("id")).json();
        assertThat(shown.path("exitStatus").asInt()).isEqualTo(7);
        assertThat(shown.path("ticket").isNull()).isTrue();
        Ticket ticket = ticket();
        assertThat(ticket.grants()).containsExactlyInAnyOrder(Ticket.Grant.SHELL, Ticket.Grant.PTY);
        assertThat(ticket.subject()).startsWith("user:");
        assertThat(newest().request().wantsLoginShell()).isTrue();
    }

    private Ticket ticket() throws Exception {
        Request.Attach attach = platform.agent().requests().stream()
                .filter(Request.Attach.class::isInstance)
                .map(Request.Attach.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow();
        String pem = Files.readString(platform.state().resolve("platform/ticket.pub"))
                .replaceAll("-----[A-Z ]+-----|\\s", "");
        var key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem)));
        return new TicketVerifier(key, Clock.systemUTC()).verify(attach.ticket());
    }

    @Test
    void aReloadKeepsTheTerminalAndWhatItShowed() {
        Api member = member();
        Api.Answer opened = open(member);
        try (TerminalWindow window = TerminalWindow.open(member, opened)) {
            window.type("before\n");
            window.awaitShown("before");
        }
        String id = opened.text("id");
        Api.Answer ticket = member.post(terminals + "/" + id + "/tickets", null);
        assertThat(ticket.status()).isEqualTo(201);
        try (TerminalWindow window = TerminalWindow.connect(member, id, Map.of())) {
            window.text("{\"ticket\":\"" + ticket.text("ticket") + "\"}");
            window.awaitText("attached");
            assertThat(window.shown()).contains("root$ 100x30").contains("before");
            window.type("after\n");
            window.awaitShown("after");
            assertThat(member.get(terminals)
                            .json()
                            .path("items")
                            .path(0)
                            .path("detachedAt")
                            .isNull())
                    .isTrue();
            assertThat(member.delete(terminals + "/" + id).status()).isEqualTo(204);
            assertThat(window.awaitText("error").path("detail").asString()).contains("was ended");
            window.awaitClosed();
        }
        assertThat(newest().isClosed()).isTrue();
        assertThat(member.get(terminals).json().path("items").size()).isZero();
    }

    @Test
    void anotherWindowTakesTheTerminalOver() {
        Api member = member();
        Api.Answer opened = open(member);
        try (TerminalWindow first = TerminalWindow.open(member, opened)) {
            first.awaitText("attached");
            Api.Answer ticket = member.post(terminals + "/" + opened.text("id") + "/tickets", null);
            try (TerminalWindow second = TerminalWindow.connect(member, opened.text("id"), Map.of())) {
                second.text("{\"ticket\":\"" + ticket.text("ticket") + "\"}");
                second.awaitText("attached");
                assertThat(first.awaitText("error").path("detail").asString()).contains("another window");
                first.awaitClosed();
                second.type("here\n");
                second.awaitShown("here");
            }
        }
    }

    @Test
    void aTicketIsGoodOnceAndForItsOwnersTerminalOnly() {
        Api member = member();
        Api.Answer opened = open(member);
        Api other = member();
        try (TerminalWindow stolen = TerminalWindow.open(other, opened)) {
            assertThat(stolen.awaitText("error").path("status").asInt()).isEqualTo(403);
            stolen.awaitClosed();
        }
        try (TerminalWindow window = TerminalWindow.open(member, opened)) {
            window.awaitText("attached");
            try (TerminalWindow again = TerminalWindow.open(member, opened)) {
                assertThat(again.awaitText("error").path("detail").asString()).contains("was used");
                assertThat(again.shown()).isEmpty();
            }
            window.type("still\n");
            window.awaitShown("still");
        }
        String path = terminals + "/" + opened.text("id");
        assertThat(other.get(path).status()).isEqualTo(404);
        assertThat(other.delete(path).status()).isEqualTo(404);
        assertThat(other.post(path + "/tickets", null).status()).isEqualTo(404);
        assertThat(admin.get(path).status()).isEqualTo(404);
        assertThat(other.get(terminals).json().path("items").size()).isZero();
    }

    @Test
    void whateverComesBeforeTheTicketIsRefused() {
        Api member = member();
        Api.Answer opened = open(member);
        String id = opened.text("id");
        for (String first : List.of(
                "{}",
                "no JSON",
                "{\"ticket\":\"x\"}",
                "{\"ticket\":\"x\",\"more\":1}",
                "{\"resize\":{\"columns\":1,\"rows\":1}}",
                "x".repeat(10_000))) {
            try (TerminalWindow window = TerminalWindow.connect(member, id, Map.of())) {
                window.text(first);
                assertThat(window.awaitText("error").path("status").asInt())
                        .as(first)
                        .isBetween(400, 403);
                window.awaitClosed();
                assertThat(window.shown()).isEmpty();
            }
        }
        try (TerminalWindow window = TerminalWindow.connect(member, id, Map.of())) {
            window.type("rm -rf /\n");
            window.awaitText("error");
            window.awaitClosed();
        }
    }

    /** Cross-site WebSocket hijacking, CWE-1385: a browser sends the cookie whatever page asks. */
    @Test
    void onlyThisServersOwnPagesOpenOneWithACookie() {
        String person = person();
        Api browser = browser(person);
        Api.Answer opened = open(browser);
        String id = opened.text("id");
        for (Map<String, String> headers : List.of(
                Map.of("Origin", "https://evil.example"),
                Map.of("Origin", "null"),
                Map.of("Origin", platform.address() + ".evil.example"),
                Map.<String, String>of())) {
            assertThatThrownBy(() -> TerminalWindow.connect(browser, id, headers))
                    .as(headers.toString())
                    .isInstanceOf(CompletionException.class)
                    .rootCause()
                    .hasMessageContaining("403");
        }
        assertThatThrownBy(() -> TerminalWindow.connect(platform.anonymous(), id, Map.of()))
                .rootCause()
                .hasMessageContaining("401");
        try (TerminalWindow window = TerminalWindow.connect(browser, id, Map.of("Origin", platform.address()))) {
            window.text("{\"ticket\":\"" + opened.text("ticket") + "\"}");
            window.awaitText("attached");
            assertThat(browser.delete("/session").status()).isEqualTo(204);
            window.awaitClosed(); // by the server itself, which knows whose session it was
        }
        await().until(newest()::isClosed);
    }

    @Test
    void itEndsWhenItsOwnerMayNotGoThereAnyMore() {
        String person = person();
        Api member = token(person);
        try (TerminalWindow window = TerminalWindow.open(member, open(member))) {
            window.awaitText("attached");
            admin.patch("/tenants/" + tenant, "{\"state\":\"SUSPENDED\"}");
            assertThat(window.awaitText("error").path("type").asString()).endsWith("tenant-suspended");
            window.awaitClosed();
        }
        assertThat(member.post(terminals, "{}").problem()).isEqualTo("tenant-suspended");
        admin.patch("/tenants/" + tenant, "{\"state\":\"ACTIVE\"}");
        try (TerminalWindow window = TerminalWindow.open(member, open(member))) {
            window.awaitText("attached");
            admin.delete("/tenants/" + tenant + "/members/" + person);
            window.awaitText("error");
            window.awaitClosed();
        }
        assertThat(newest().isClosed()).isTrue();
    }

    @Test
    void whatTheNodeRefusesIsAProblemAtOnce() {
        Api member = member();
        assertThat(member.post(terminals, "{\"user\":\"root;id\"}").text("field"))
                .isEqualTo("user");
        assertThat(member.post(terminals, "{\"columns\":0}").text("field")).isEqualTo("columns");
        platform.agent().refuse(Request.Attach.class, Refusal.CONFLICT, "the container does not run; start it");
        try {
            Api.Answer refused = member.post(terminals, "{}");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text("detail")).contains("start it");
        } finally {
            platform.agent().accept(Request.Attach.class);
        }
        admin.finished(admin.post(container + "/quarantine", "{\"reason\":\"spam\"}"));
        assertThat(member.post(terminals, "{}").problem()).isEqualTo("quarantined");
    }

    @Test
    void aWindowThatHangsStopsItsOwnProgramOnly() {
        Api member = member();
        Api.Answer hung = open(member);
        Api.Answer quick = open(member);
        try (TerminalWindow slow = TerminalWindow.open(member, hung);
                TerminalWindow other = TerminalWindow.open(member, quick)) {
            slow.awaitText("attached");
            slow.hang();
            slow.type("flood\n");
            other.type("quick\n");
            other.awaitShown("quick");
            assertThat(member.delete(terminals + "/" + hung.text("id")).status())
                    .isEqualTo(204);
        }
    }

    @Test
    void onePersonHasOnlySoMany() {
        Api member = member();
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            opened.add(open(member).text("id"));
        }
        Api.Answer refused = member.post(terminals, "{}");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text("detail")).contains("20 terminals");
        var isFreed = new AtomicBoolean(
                member.delete(terminals + "/" + opened.getFirst()).status() == 204);
        assertThat(isFreed).isTrue();
        open(member);
    }
}
