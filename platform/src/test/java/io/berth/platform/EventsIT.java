// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.PassportLine;
import io.berth.core.spec.ContainerId;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.EventReader;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What changes, told to those who watch, for as long as they may see it. */
@ExtendWith(SharedPlatform.class)
class EventsIT {
    private static final String PASSWORD = "a long enough password";

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = fresh();
    private final String containers = "/tenants/" + tenant + "/containers";

    EventsIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    private static String fresh() {
        return "t" + UUID.randomUUID().toString().substring(0, 8);
    }

    @BeforeEach
    void makeTenant() {
        admin.post("/tenants", "{\"name\":\"" + tenant + "\"}");
    }

    private Api.Answer create(String name) {
        return admin.post(containers, "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\"}");
    }

    private Api member(String ofTenant) {
        String name = fresh();
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
        admin.put("/tenants/" + ofTenant + "/members/" + name, "{\"role\":\"MEMBER\"}");
        return Api.basic(platform.address(), name, PASSWORD);
    }

    private static boolean isOf(EventReader.Event event, String kind, String name) {
        return event.name().equals(kind)
                && event.resource().path("name").asString("").equals(name);
    }

    private static boolean isRunning(EventReader.Event event) {
        return isOf(event, "container", "web")
                && event.resource().path("state").asString("").equals("RUNNING");
    }

    private static boolean isDone(EventReader.Event event) {
        return event.name().equals("operation")
                && event.resource().path("state").asString().equals("SUCCEEDED");
    }

    @Test
    void aContainersLifeIsToldAsGetShowsIt() {
        try (EventReader events = EventReader.open(member(tenant), "/events", null)) {
            String operation = create("web").text("id");
            EventReader.Event created = events.next(event -> isOf(event, "container", "web"));
            assertThat(created.change()).isEqualTo("CREATED");
            assertThat(created.data().path("tenant").asString()).isEqualTo(tenant);
            List<EventReader.Event> told = new ArrayList<>(List.of(created)); // which may be as it is by now
            EventReader.Event done = events.next(event -> {
                told.add(event);
                return isDone(event);
            });
            if (told.stream().noneMatch(EventsIT::isRunning)) {
                events.next(EventsIT::isRunning);
            }
            assertThat(done.resource().path("id").asString()).isEqualTo(operation);
            assertThat(done.resource())
                    .isEqualTo(admin.get("/operations/" + operation).json());
            admin.finished(admin.delete(containers + "/web"));
            EventReader.Event gone = events.next(
                    event -> isOf(event, "container", "web") && event.change().equals("DELETED"));
            assertThat(gone.resource().path("id")).isEqualTo(created.resource().path("id"));
        }
    }

    @Test
    void whatHappensOnTheNodeByItselfIsToldToo() {
        admin.finished(create("web"));
        ContainerId id = ContainerId.of(admin.get(containers + "/web").text("id"));
        try (EventReader events = EventReader.open(admin, "/events", null)) {
            platform.agent()
                    .drift(
                            id,
                            List.of(new PassportLine(
                                    "mount./proc", "rw", "ro", PassportLine.Verdict.DRIFT, "a reason")));
            EventReader.Event drift = events.next(event -> event.name().equals("drift"));
            assertThat(drift.resource().path("container").asString()).isEqualTo("web");
            platform.agent().drift(id, List.of());
            assertThat(events.next(event -> event.name().equals("drift")
                                    && !event.resource().path("endedAt").isNull())
                            .change())
                    .isEqualTo("UPDATED");
            platform.agent().setSilent(true);
            assertThat(events.next(event -> event.name().equals("node"))
                            .resource()
                            .path("state")
                            .asString())
                    .isEqualTo("DOWN");
            platform.agent().setSilent(false);
            events.next(event -> event.name().equals("node")
                    && event.resource().path("state").asString().equals("UP"));
        }
    }

    @Test
    void strangersAreToldNothingOfIt() {
        String others = fresh();
        admin.post("/tenants", "{\"name\":\"" + others + "\"}");
        String othersContainers = "/tenants/" + others + "/containers";
        Api member = member(tenant);
        String user = member.get("/session").text("name");
        List<EventReader.Event> told = new ArrayList<>();
        try (EventReader events = EventReader.open(member, "/events", null)) {
            admin.finished(admin.post(othersContainers, "{\"name\":\"secret\",\"image\":\"debian/bookworm\"}"));
            admin.finished(create("mine"));
            events.next(event -> {
                told.add(event);
                return isDone(event);
            });
            admin.delete("/users/" + user);
            told.addAll(events.untilEnd());
        }
        assertThat(told)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.data().path("tenant").asString(""))
                        .as(event.toString())
                        .isIn(tenant, ""));
        assertThat(told).noneMatch(event -> event.data().toString().contains("secret"));
        assertThat(told).noneMatch(event -> event.name().equals("node"));
    }

    @Test
    void whoIsNoMemberAnyMoreHearsNoMore() {
        Api member = member(tenant);
        String user = member.get("/session").text("name");
        String others = fresh();
        admin.post("/tenants", "{\"name\":\"" + others + "\"}");
        admin.put("/tenants/" + others + "/members/" + user, "{\"role\":\"MEMBER\"}");
        try (EventReader events = EventReader.open(member, "/events", null)) {
            admin.finished(create("before"));
            events.next(event -> isOf(event, "container", "before"));
            admin.delete("/tenants/" + tenant + "/members/" + user);
            admin.finished(create("after"));
            admin.finished(admin.post(
                    "/tenants/" + others + "/containers", "{\"name\":\"other\",\"image\":\"debian/bookworm\"}"));
            List<EventReader.Event> passed = new ArrayList<>();
            events.next(event -> {
                passed.add(event);
                return isOf(event, "container", "other");
            });
            assertThat(passed).noneMatch(event -> isOf(event, "container", "after"));
        }
    }

    @Test
    void aStreamEndsWithItsTokenAndWithItsSession() {
        Api.Answer token = admin.post("/tenants", "{\"name\":\"" + fresh() + "\"}");
        assertThat(token.status()).isEqualTo(201);
        Api member = member(tenant);
        Api.Answer made = member.post("/tokens", "{\"name\":\"watch\",\"scopes\":[\"READ\"]}");
        try (EventReader events =
                EventReader.open(Api.bearer(platform.address(), made.text("token")), "/events", null)) {
            assertThat(member.delete("/tokens/" + made.text("id")).status()).isEqualTo(204);
            events.untilEnd();
        }
        String user = member.get("/session").text("name");
        Api browser = signIn(user);
        try (EventReader events = EventReader.open(browser, "/events", null)) {
            String session = browser.get("/sessions")
                    .json()
                    .path("items")
                    .path(0)
                    .path("id")
                    .asString();
            assertThat(member.delete("/sessions/" + session).status()).isEqualTo(204);
            events.untilEnd();
        }
        assertThat(browser.get("/session").status()).isEqualTo(401);
    }

    private Api signIn(String user) {
        Api.Answer begun = platform.anonymous()
                .post("/session", "{\"userName\":\"" + user + "\",\"password\":\"" + PASSWORD + "\"}");
        String cookies = String.join(
                "; ",
                begun.response().headers().allValues("Set-Cookie").stream()
                        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                        .toList());
        return platform.anonymous().with("Cookie", cookies).with("User-Agent", "Browser/" + user);
    }

    @Test
    void sessionsAreListedToTheirOwnerAndEndedByHim() {
        Api member = member(tenant);
        String user = member.get("/session").text("name");
        Api one = signIn(user);
        Api other = signIn(user);
        var sessions = one.get("/sessions").json().path("items");
        assertThat(sessions.size()).isEqualTo(2);
        assertThat(sessions.get(0).path("current").asBoolean()).isFalse();
        assertThat(sessions.get(1).path("current").asBoolean()).isTrue();
        assertThat(sessions.get(1).path("address").asString()).isEqualTo("127.0.0.1");
        Api stranger = member(tenant);
        assertThat(stranger.delete("/sessions/" + sessions.get(0).path("id").asString())
                        .status())
                .isEqualTo(404);
        assertThat(stranger.get("/sessions").json().path("items").size()).isZero();
        assertThat(member.delete("/sessions").status()).isEqualTo(204);
        assertThat(one.get("/session").status()).isEqualTo(401);
        assertThat(other.get("/session").status()).isEqualTo(401);
        Api.Answer token = member.post("/tokens", "{\"name\":\"t\",\"scopes\":[\"WRITE\"]}");
        assertThat(Api.bearer(platform.address(), token.text("token"))
                        .get("/sessions")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whoWasAwayIsToldWhatWasMissedOrToFetchAnew() {
        Api member = member(tenant);
        String last;
        try (EventReader events = EventReader.open(member, "/events", null)) {
            admin.finished(create("before"));
            last = events.next(event -> isOf(event, "container", "before")).id();
        }
        admin.finished(create("missed"));
        try (EventReader events = EventReader.open(member, "/events", last)) {
            assertThat(events.next(event -> isOf(event, "container", "missed")).change())
                    .isEqualTo("CREATED");
        }
        for (String unknown : List.of("0", "x", "999999999999999999")) {
            try (EventReader events = EventReader.open(member, "/events", unknown)) {
                assertThat(events.next(event -> true).name()).as(unknown).isEqualTo("reset");
            }
        }
    }

    /** Numbers are given out when a transaction writes, and it may end long after others that wrote later. */
    @Test
    void whatWasWrittenEarlierAndEndsLaterIsNotMissed() {
        admin.finished(create("slow"));
        admin.finished(create("quick"));
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        try (EventReader events = EventReader.open(admin, "/events", null)) {
            platform.bean(TransactionTemplate.class).executeWithoutResult(status -> {
                rename(jdbc, "slow");
                elsewhere(() -> rename(jdbc, "quick"));
                events.next(event ->
                        event.resource().path("imageAlias").asString("").equals("quick"));
            });
            events.next(
                    event -> event.resource().path("imageAlias").asString("").equals("slow"));
        }
    }

    /** By a column that the node has no word on: it may still report the start. */
    private static void rename(JdbcClient jdbc, String name) {
        jdbc.sql("update containers set image_alias = name where name = :name and deleted_at is null")
                .param("name", name)
                .update();
    }

    /** In another transaction than this thread's. */
    private static void elsewhere(Runnable work) {
        try {
            Thread.ofVirtual().start(work).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void streamsOfOnePersonAreBounded() {
        Api member = member(tenant);
        Api watcher = Api.bearer(
                platform.address(),
                member.post("/tokens", "{\"name\":\"w\",\"scopes\":[\"READ\"]}").text("token"));
        List<EventReader> open = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                open.add(EventReader.open(watcher, "/events", null));
            }
            Api.Answer refused = watcher.get("/events");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.text("detail")).contains("close some windows");
        } finally {
            open.forEach(EventReader::close);
        }
    }
}
