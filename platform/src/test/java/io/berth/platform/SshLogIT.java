// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What gateways tell of sessions and events, and who may see and end what. */
@ExtendWith(SharedPlatform.class)
class SshLogIT {
    private static final String ONE = "SHA256:" + "a".repeat(43);
    private static final String OTHER = "SHA256:" + "b".repeat(43);

    private final RunningPlatform platform;
    private final Api admin;
    private final Api gateway;
    private final String tenant = tenant();
    private final String path = "/tenants/" + tenant;

    SshLogIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    private static String tenant() {
        return "t" + UUID.randomUUID().toString().substring(0, 8);
    }

    private static String event(UUID id, String fields) {
        return "{\"id\":\"" + id + "\",\"at\":\"2026-11-26T03:00:00Z\",\"source\":\"192.0.2.7\"," + fields + "}";
    }

    private Api.Answer tell(String... events) {
        return gateway.post(
                "/gateway/events", "{\"gateway\":\"" + ONE + "\",\"events\":[" + String.join(",", events) + "]}");
    }

    @Test
    void whatIsDeliveredTwiceIsThereOnceAndFoundByWhatItIs() {
        UUID login = UuidCreator.getTimeOrderedEpoch();
        UUID exec = UuidCreator.getTimeOrderedEpoch();
        String one = event(login, "\"kind\":\"LOGIN\",\"outcome\":\"DONE\",\"tenant\":\"" + tenant + "\"");
        String two = event(
                exec,
                "\"kind\":\"EXEC\",\"outcome\":\"DONE\",\"tenant\":\"" + tenant
                        + "\",\"container\":\"web\",\"what\":\"ls /\",\"bytesOut\":7");
        assertThat(tell(one).status()).isEqualTo(204);
        assertThat(tell(one, two).status()).isEqualTo(204);
        JsonNode all = admin.get(path + "/ssh-events").json().path("items");
        assertThat(all.valueStream().map(event -> event.path("id").asString()))
                .containsExactly(exec.toString(), login.toString());
        assertThat(all.path(0).path("what").asString()).isEqualTo("ls /");
        assertThat(all.path(0).path("bytesOut").asLong()).isEqualTo(7);
        assertThat(count("?container=web")).isEqualTo(1);
        assertThat(count("?kind=LOGIN")).isEqualTo(1);
        assertThat(count("?outcome=REFUSED")).isZero();
        assertThat(count("?to=2026-11-26T03:00:00Z")).isZero();
        assertThat(count("?from=2026-11-26T03:00:00Z")).isEqualTo(2);
        String next = admin.get(path + "/ssh-events?limit=1").text("next");
        assertThat(count("?limit=1&cursor=" + next)).isEqualTo(1);
    }

    private int count(String query) {
        return admin.get(path + "/ssh-events" + query).json().path("items").size();
    }

    @Test
    void anEventIsNobodysToChange() {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        tell(event(id, "\"kind\":\"LOGIN\",\"outcome\":\"DONE\",\"tenant\":\"" + tenant + "\""));
        JdbcClient jdbc = platform.bean(JdbcClient.class);
        assertThatThrownBy(() ->
                        jdbc.sql("update ssh_events set outcome = 'FAILED'").update())
                .hasMessageContaining("append-only");
        assertThatThrownBy(() -> jdbc.sql("delete from ssh_events").update()).hasMessageContaining("append-only");
        assertThatThrownBy(() -> jdbc.sql("truncate ssh_events").update()).hasMessageContaining("append-only");
        tell(event(id, "\"kind\":\"LOGIN\",\"outcome\":\"FAILED\",\"tenant\":\"" + tenant + "\""));
        assertThat(count("?outcome=FAILED")).isZero();
    }

    @Test
    void strangersRefusalsAreForOperatorsOnly() {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        tell(event(id, "\"kind\":\"LOGIN\",\"outcome\":\"REFUSED\",\"what\":\"UNKNOWN_KEY\",\"key\":\"SHA256:x\""));
        assertThat(count("")).isZero();
        assertThat(admin.get("/ssh-events?outcome=REFUSED").json().path("items").valueStream())
                .anySatisfy(event -> assertThat(event.path("id").asString()).isEqualTo(id.toString()));
    }

    private String open(UUID id) {
        return "{\"id\":\"" + id + "\",\"tenant\":\"" + tenant
                + "\",\"container\":\"web\",\"guestUser\":\"root\",\"kind\":\"shell\",\"terminal\":true,\"key\":\"SHA256:x\","
                + "\"source\":\"192.0.2.7\",\"startedAt\":\"2026-11-26T03:00:00Z\",\"activeAt\":\"2026-11-26T03:00:01Z\","
                + "\"bytesIn\":1,\"bytesOut\":2}";
    }

    private JsonNode report(String who, String... sessions) {
        return gateway.post(
                        "/gateway/sessions",
                        "{\"gateway\":\"" + who + "\",\"sessions\":[" + String.join(",", sessions) + "]}")
                .json();
    }

    @Test
    void anOpenSessionIsListedUntilItsGatewaySaysNoMoreOfIt() {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        report(ONE, open(id));
        report(OTHER);
        JsonNode items = admin.get(path + "/ssh-sessions").json().path("items");
        assertThat(items.size()).isEqualTo(1);
        assertThat(items.path(0).path("container").asString()).isEqualTo("web");
        assertThat(items.path(0).path("ending").asBoolean()).isFalse();
        assertThat(admin.get(path + "/ssh-sessions?container=db")
                        .json()
                        .path("items")
                        .isEmpty())
                .isTrue();
        report(ONE);
        assertThat(admin.get(path + "/ssh-sessions").json().path("items").isEmpty())
                .isTrue();
    }

    @Test
    void itsGatewayHearsThatASessionIsToEndAndNoOtherTenantCanAskForThat() {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        assertThat(report(ONE, open(id)).path("kill").isEmpty()).isTrue();
        String other = tenant();
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        assertThat(admin.delete("/tenants/" + other + "/ssh-sessions/" + id).status())
                .isEqualTo(404);
        assertThat(admin.delete(path + "/ssh-sessions/" + id).status()).isEqualTo(204);
        assertThat(report(OTHER).path("kill").isEmpty()).isTrue();
        assertThat(report(ONE, open(id)).path("kill").path(0).asString()).isEqualTo(id.toString());
        assertThat(report(ONE).path("kill").isEmpty()).isTrue();
        assertThat(admin.delete(path + "/ssh-sessions/" + id).status()).isEqualTo(404);
    }

    @Test
    void sessionsOfASuspendedTenantEndAsSoonAsTheirGatewayTellsOfThem() {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        assertThat(report(ONE, open(id)).path("kill").isEmpty()).isTrue();
        admin.patch(path, "{\"state\":\"SUSPENDED\"}");
        UUID late = UuidCreator.getTimeOrderedEpoch(); // let in a moment before
        assertThat(report(ONE, open(id), open(late)).path("kill").valueStream())
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrder(id.toString(), late.toString());
    }

    @Test
    void sessionsOfAContainerInQuarantineEndAndNoOthers() {
        for (String name : List.of("web", "db")) {
            admin.finished(
                    admin.post(path + "/containers", "{\"name\":\"" + name + "\",\"image\":\"debian/bookworm\"}"));
        }
        UUID id = UuidCreator.getTimeOrderedEpoch();
        String other = open(UuidCreator.getTimeOrderedEpoch()).replace("\"web\"", "\"db\"");
        assertThat(report(ONE, open(id), other).path("kill").isEmpty()).isTrue();
        admin.finished(admin.post(path + "/containers/web/quarantine", "{\"reason\":\"it sends spam\"}"));
        assertThat(report(ONE, open(id), other).path("kill").valueStream())
                .extracting(JsonNode::asString)
                .containsExactly(id.toString());
    }

    @Test
    void aTenantsWishesComeWithEveryLogin() {
        assertThat(admin.get(path + "/ssh-policy").json().path("motd").isNull()).isTrue();
        Api.Answer put =
                admin.put(path + "/ssh-policy", "{\"idleSeconds\":600,\"containerSessions\":3,\"motd\":\"be kind\"}");
        assertThat(put.status()).as(put.toString()).isEqualTo(200);
        assertThat(put.json().path("idleSeconds").asInt()).isEqualTo(600);
        assertThat(put.json().path("tenantSessions").isNull()).isTrue();
        assertThat(admin.put(path + "/ssh-policy", "{}")
                        .json()
                        .path("idleSeconds")
                        .isNull())
                .isTrue();
        assertThat(admin.put(path + "/ssh-policy", "{\"idleSeconds\":1}").text("field"))
                .isEqualTo("idleSeconds");
    }
}
