// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.core.protocol.Refusal;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Published ports as tenants ask for them. */
@ExtendWith(SharedPlatform.class)
class PortsIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final String ports = ports(tenant, "web");
    // the platform is shared, and so are its node's ports
    private final int mine = 25_000 + ThreadLocalRandom.current().nextInt(4_000);

    PortsIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    private static String ports(String tenant, String container) {
        return "/tenants/" + tenant + "/containers/" + container + "/ports";
    }

    @BeforeEach
    void makeContainer() {
        makeTenant(tenant);
        makeContainer(tenant, "web");
    }

    private void makeTenant(String name) {
        assertThat(admin.post("/tenants", "{\"name\":\"" + name + "\"}").status())
                .isEqualTo(201);
    }

    private void makeContainer(String of, String name) {
        done(admin.post("/tenants/" + of + "/containers", "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\"}"));
    }

    private Api member(String of) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        String password = "a long enough password";
        admin.post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}");
        admin.put("/tenants/" + of + "/members/" + name, "{\"role\":\"MEMBER\"}");
        return Api.basic(platform.address(), name, password);
    }

    private JsonNode done(Api.Answer accepted) {
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(202);
        JsonNode operation = admin.finished(accepted);
        assertThat(operation.path("state").asString()).as(operation.toString()).isEqualTo("SUCCEEDED");
        return operation;
    }

    private ContainerId id(String name) {
        return ContainerId.of(
                admin.get("/tenants/" + tenant + "/containers/" + name).text("id"));
    }

    private List<PublishedPort> onTheNode(String name) {
        return platform.agent().status(id(name)).spec().networkRules().ports();
    }

    private List<JsonNode> list() {
        return admin.get(ports).json().path("items").valueStream().toList();
    }

    private static String wanted(int containerPort, Object hostPort) {
        return "{\"containerPort\":" + containerPort + ",\"hostPort\":" + hostPort + "}";
    }

    private long used() {
        return admin.get("/tenants/" + tenant + "/quota")
                .json()
                .path("resources")
                .valueStream()
                .filter(line -> line.path("resource").asString().equals("PORTS"))
                .findFirst()
                .orElseThrow()
                .path("used")
                .asLong();
    }

    @Test
    void aMemberPublishesAndCloses() {
        Api member = member(tenant);
        done(member.post(ports, wanted(80, mine)));
        assertThat(onTheNode("web")).containsExactly(new PublishedPort(Protocol.TCP, mine, 80));
        Api.Answer one = member.get(ports + "/tcp-" + mine);
        assertThat(one.text("state")).isEqualTo("OPEN");
        assertThat(one.text("containerPort")).isEqualTo("80");
        assertThat(used()).isEqualTo(1);

        done(member.post(ports, "{\"containerPort\":53,\"protocol\":\"UDP\",\"hostPort\":" + mine + "}"));
        assertThat(onTheNode("web"))
                .containsExactlyInAnyOrder(
                        new PublishedPort(Protocol.TCP, mine, 80), new PublishedPort(Protocol.UDP, mine, 53));
        done(member.delete(ports + "/tcp-" + mine));
        assertThat(onTheNode("web")).containsExactly(new PublishedPort(Protocol.UDP, mine, 53));
        assertThat(list()).hasSize(1);
        assertThat(used()).isEqualTo(1);
        assertThat(member.delete(ports + "/tcp-" + mine).status()).isEqualTo(404);
    }

    @Test
    void aFreePortIsGivenToWhomAsksForAny() {
        done(admin.post(ports, "{\"containerPort\":80}"));
        done(admin.post(ports, "{\"containerPort\":80}"));
        assertThat(onTheNode("web"))
                .extracting(PublishedPort::hostPort)
                .doesNotHaveDuplicates()
                .allSatisfy(port -> {
                    assertThat(port).isBetween(20_000, 29_999);
                });
    }

    @Test
    void aPortThatSomebodyHasIsRefusedWithoutSayingWhose() {
        done(admin.post(ports, wanted(80, mine)));
        Api.Answer twice = admin.post(ports, wanted(81, mine));
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.text("detail")).contains(mine + "/tcp leads to your container 'web'");

        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        makeTenant(other);
        makeContainer(other, "blog");
        Api.Answer foreign = member(other).post(ports(other, "blog"), wanted(80, mine));
        assertThat(foreign.status()).isEqualTo(409);
        assertThat(foreign.text("detail"))
                .contains("somebody else's container")
                .doesNotContain(tenant)
                .doesNotContain("web");
    }

    @Test
    void othersPortsAreNotThere() {
        done(admin.post(ports, wanted(80, mine)));
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        makeTenant(other);
        Api stranger = member(other);
        assertThat(stranger.get(ports).status()).isEqualTo(404);
        assertThat(stranger.get(ports + "/tcp-" + mine).status()).isEqualTo(404);
        assertThat(stranger.post(ports, wanted(80, mine + 1)).status()).isEqualTo(404);
        assertThat(stranger.delete(ports + "/tcp-" + mine).status()).isEqualTo(404);
        assertThat(onTheNode("web")).hasSize(1);
    }

    @Test
    void thePlatformsOwnAndReservedPortsAreRefused() {
        for (int port : new int[] {22, 80, 443, 2222, 8080, 5442, 19_999, 30_000, 40_000}) {
            Api.Answer refused = admin.post(ports, wanted(80, port));
            assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
            assertThat(refused.text("detail")).contains("20000-29999");
        }
        for (String port : List.of("0", "-1", "65536", "\"80\"", "80.5")) {
            assertThat(admin.post(ports, wanted(80, port)).status()).isIn(400, 422);
        }
        assertThat(list()).isEmpty();
        assertThat(used()).isZero();
    }

    @Test
    void theQuotaBoundsThem() {
        admin.put("/tenants/" + tenant + "/quota", "{\"hard\":{\"ports\":1}}");
        done(admin.post(ports, wanted(80, mine)));
        Api.Answer refused = admin.post(ports, wanted(80, mine + 1));
        assertThat(refused.problem()).as(refused.toString()).isEqualTo("quota-exceeded");
        assertThat(list()).hasSize(1);
        done(admin.delete(ports + "/tcp-" + mine));
        assertThat(used()).isZero();
        done(admin.post(ports, wanted(80, mine + 1)));
    }

    @Test
    void whatTheNodeRefusesIsGivenBack() {
        done(admin.post(ports, wanted(80, mine)));
        platform.agent().refuse(Request.ChangeNetworkRules.class, Refusal.CONFLICT, "something on the node has it");
        try {
            JsonNode operation = admin.finished(admin.post(ports, wanted(80, mine + 1)));
            assertThat(operation.path("state").asString()).isEqualTo("FAILED");
            assertThat(operation.path("error").path("detail").asString()).contains("something on the node has it");
        } finally {
            platform.agent().accept(Request.ChangeNetworkRules.class);
        }
        assertThat(list()).extracting(it -> it.path("hostPort").asInt()).containsExactly(mine);
        assertThat(used()).isEqualTo(1);
    }

    @Test
    void theyGoWithTheirContainer() {
        done(admin.post(ports, wanted(80, mine)));
        done(admin.delete("/tenants/" + tenant + "/containers/web"));
        assertThat(used()).isZero();
        makeContainer(tenant, "next");
        done(admin.post(ports(tenant, "next"), wanted(80, mine)));
    }

    @Test
    void aKeyMakesItOnceAndAnEtagHolds() {
        String key = UUID.randomUUID().toString();
        Api.Answer first = admin.with("Idempotency-Key", key).post(ports, wanted(80, mine));
        Api.Answer second = admin.with("Idempotency-Key", key).post(ports, wanted(80, mine));
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        done(first);
        Api.Answer stale = admin.with("If-Match", "\"4711\"").post(ports, wanted(80, mine + 1));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(list()).hasSize(1);
    }

    @Test
    void countsAreComparedWithWhatIsThere() {
        done(admin.post(ports, wanted(80, mine)));
        var jdbc = platform.bean(JdbcClient.class);
        String change =
                "update quotas set ports_used = ports_used + ? where tenant_id = (select id from tenants where name = ?)";
        jdbc.sql(change).params(3, tenant).update();
        try {
            assertThat(admin.get("/quota-drift").response().body()).contains("4 ports are counted and 1 are there");
        } finally {
            jdbc.sql(change).params(-3, tenant).update();
        }
    }
}
