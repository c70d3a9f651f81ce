// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.security.OperatorRole;
import io.berth.platform.testing.Api;
import io.berth.platform.testing.PostgresServer;
import io.berth.platform.testing.RecordingAgent;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators may do who are there for something; RequestMatrixIT tries every other verb as those who only look. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorRolesIT {
    private static final String PASSWORD = "a long enough password";

    private final RunningPlatform platform;
    private final Api admin;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);

    /** One account each, as every new one takes a hash. */
    private final Map<OperatorRole, Api> operators = new EnumMap<>(OperatorRole.class);

    OperatorRolesIT(RunningPlatform platform) {
        this.platform = platform;
        this.admin = platform.adminToken();
    }

    @BeforeAll
    void makeTenant() {
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
    }

    private String user(String more) {
        String name = "u" + UUID.randomUUID().toString().substring(0, 8);
        Api.Answer made = platform.admin()
                .post("/users", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"" + more + "}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return name;
    }

    private Api operator(OperatorRole role) {
        return operators.computeIfAbsent(
                role, it -> Api.basic(platform.address(), user(",\"operatorRole\":\"" + it + "\""), PASSWORD));
    }

    /** Who may: 200. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/tenants/T           | SUPPORT BILLING AUDITOR READ_ONLY",
                "/tenants/T/containers| SUPPORT BILLING AUDITOR READ_ONLY",
                "/nodes               | SUPPORT BILLING AUDITOR READ_ONLY",
                "/operations          | SUPPORT BILLING AUDITOR READ_ONLY",
                "/users               | SUPPORT BILLING AUDITOR READ_ONLY",
                "/tenants/T/audit     | SUPPORT AUDITOR",
                "/audit               | SUPPORT AUDITOR",
                "/audit/verification  | SUPPORT AUDITOR",
                "/plans               | BILLING AUDITOR",
                "/invoices            | BILLING AUDITOR",
                "/tenants/T/balance   | BILLING AUDITOR",
                "/webhook-endpoints   | ",
            })
    void eachSeesWhatItIsThereFor(String path, String roles) {
        for (OperatorRole role : OperatorRole.values()) {
            boolean may = role == OperatorRole.ADMIN
                    || (roles != null && List.of(roles.split(" ")).contains(role.name()));
            assertThat(operator(role).get(path.replace("/T", "/" + tenant)).status())
                    .as("%s by %s", path, role)
                    .isEqualTo(may ? 200 : 403);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT  | /tenants/T/quota     | {\"hard\":{\"containers\":7}}          | SUPPORT",
                "PUT  | /tenants/T/tax       | {\"name\":\"VAT\",\"basisPoints\":1900}  | BILLING",
                "POST | /tenants/T/credits   | {\"currency\":\"EUR\",\"amount\":1,\"reason\":\"x\"} | BILLING",
                "POST | /tenants/T/containers| {\"name\":\"web\",\"image\":\"debian/bookworm\"} | ",
                "PATCH| /tenants/T           | {\"state\":\"ACTIVE\"}                 | ",
                "POST | /tenants             | {\"name\":\"another\"}                 | ",
                "PUT  | /tenants/T/members/admin | {\"role\":\"OWNER\"}               | ",
                "POST | /users               | {\"name\":\"x\",\"password\":\"a long enough password\"} | ",
                "PUT  | /users/admin/password| {\"password\":\"a long enough password\"} | ",
                "PUT  | /users/admin/operator-role | {\"role\":\"READ_ONLY\"}        | ",
                "DELETE | /users/admin       |                                        | ",
                "PUT  | /tenants/T/billing-profile | {\"legalName\":\"A\",\"street\":\"B\",\"postalCode\":\"1\",\"city\":\"C\",\"country\":\"DE\"} | BILLING",
            })
    void eachChangesWhatItIsThereForAndNothingElse(String method, String path, String body, String roles) {
        for (OperatorRole role : OperatorRole.values()) {
            if (role == OperatorRole.ADMIN) {
                continue;
            }
            int status = operator(role)
                    .send(method, path.replace("/T", "/" + tenant), body)
                    .status();
            if (role.name().equals(roles)) {
                assertThat(status).as("%s %s by %s", method, path, role).isBetween(200, 299);
            } else {
                assertThat(status).as("%s %s by %s", method, path, role).isIn(403, 404);
            }
        }
    }

    @Test
    void aRoleHoldsFromTheNextRequestOnAlsoOfTokens() {
        String name = user("");
        Api person = Api.basic(platform.address(), name, PASSWORD);
        String wish = "{\"name\":\"t\",\"scopes\":[\"READ\",\"ADMIN\"]}";
        assertThat(person.post("/tokens", wish).text("detail"))
                .as("it would become an operator's with the account")
                .contains("ADMIN is an operator's");
        String path = "/users/" + name + "/operator-role";
        assertThat(admin.put(path, "{\"role\":\"AUDITOR\"}").status())
                .as("a token makes no operators")
                .isEqualTo(403);
        Api.Answer made = platform.admin().put(path, "{\"role\":\"AUDITOR\"}");
        assertThat(made.text("operatorRole")).as(made.toString()).isEqualTo("AUDITOR");
        assertThat(made.json().path("operator").asBoolean()).isFalse();
        Api token = Api.bearer(platform.address(), person.post("/tokens", wish).text("token"));
        assertThat(token.get("/audit").status()).isEqualTo(200);
        assertThat(person.get("/session").text("operatorRole")).isEqualTo("AUDITOR");
        assertThat(platform.admin().delete(path).json().path("operatorRole").isNull())
                .isTrue();
        assertThat(token.get("/audit").status()).isEqualTo(403);
        assertThat(admin.get("/audit?path=/api/v1/users/" + name).response().body())
                .contains("\"before\"", "AUDITOR");
    }

    @Test
    void theLastOneWhoMayDoEverythingStays(PostgresServer postgres, @TempDir Path state) {
        try (var alone = new RunningPlatform(postgres, postgres.freshDatabase(), state, new RecordingAgent())) {
            Api first = alone.admin();
            assertThat(first.put("/users/admin/operator-role", "{\"role\":\"AUDITOR\"}")
                            .status())
                    .isEqualTo(409);
            assertThat(first.delete("/users/admin/operator-role").status()).isEqualTo(409);
            first.post("/users", "{\"name\":\"second\",\"password\":\"" + PASSWORD + "\",\"operator\":true}");
            assertThat(first.put("/users/admin/operator-role", "{\"role\":\"AUDITOR\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(first.delete("/users/second/operator-role").status()).isEqualTo(404);
            assertThat(Api.basic(alone.address(), "second", PASSWORD)
                            .delete("/users/second/operator-role")
                            .status())
                    .isEqualTo(409);
        }
    }
}
