// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.image;

import io.berth.core.client.Agent;
import io.berth.core.protocol.ImageStatus;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.node.LocalNode;
import io.berth.platform.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The node's images, as it last reported them. */
@Component
public class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final JdbcClient jdbc;
    private final LocalNode node;
    private final AgentCalls agent;
    private final TransactionTemplate transaction;

    Images(JdbcClient jdbc, LocalNode node, AgentCalls agent, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.node = node;
        this.agent = agent;
        this.transaction = transaction;
    }

    /**
     * What an alias stands for, or the id itself.
     *
     * @param alias as it was asked for, or the image's own
     */
    public record Resolved(ImageId id, String alias) {}

    /** Empty when there is no such image; the node is asked once more before, as it may have been built by hand a moment ago. */
    public Optional<Resolved> resolve(String text) {
        Optional<Resolved> known = find(checked(text));
        if (known.isPresent()) {
            return known;
        }
        refreshQuietly();
        return find(checked(text));
    }

    /** Whether the node has it, and so every tenant may have it. */
    public boolean has(ImageId id) {
        return find(id.value()).isPresent();
    }

    private static String checked(String text) {
        if (text.startsWith("sha256:")) {
            return new ImageId(text).value();
        }
        return new ImageAlias(text).value();
    }

    /** Names the field image, and the images that there are. */
    public ProblemException unknown(String text) {
        String there = String.join(
                ", ",
                jdbc.sql("select distinct alias from images where node_id = :node and current order by alias limit 20")
                        .param("node", node.id())
                        .query(String.class)
                        .list());
        return ProblemException.field(
                "image",
                "image: there is no image '" + text + "'; "
                        + (there.isEmpty() ? "an operator builds one by POST /api/v1/images" : "there are: " + there));
    }

    private Optional<Resolved> find(String text) {
        return jdbc.sql("""
                        select id, alias from images
                        where node_id = :node and ((alias = :text and current) or id = :text)
                        order by current desc limit 1
                        """)
                .param("node", node.id())
                .param("text", text)
                .query((row, number) -> new Resolved(new ImageId(row.getString("id")), row.getString("alias")))
                .optional();
    }

    List<Image> list() {
        return jdbc.sql("select * from images where node_id = :node order by alias, built_at desc limit 1000")
                .param("node", node.id())
                .query(Images::image)
                .list();
    }

    @Scheduled(fixedRateString = "PT30S")
    void refreshQuietly() {
        try {
            replace(agent.ask(Agent::images));
        } catch (ProblemException e) {
            LOG.debug("images not refreshed: {}", e.getMessage());
        }
    }

    void replace(List<ImageStatus> reported) {
        transaction.executeWithoutResult(status -> {
            // One at a time: two refreshes at once would insert the same rows
            jdbc.sql("select id from nodes where id = :node for update")
                    .param("node", node.id())
                    .query((row, number) -> 1)
                    .single();
            jdbc.sql("delete from images where node_id = :node and not (id || ' ' || alias = any(:there))")
                    .param("node", node.id())
                    .param(
                            "there",
                            reported.stream()
                                    .map(image -> image.id().value() + " "
                                            + image.alias().value())
                                    .toArray(String[]::new))
                    .update();
            reported.forEach(this::write);
        });
    }

    /** What has not changed is left alone, so that nobody who watches is told. */
    private void write(ImageStatus image) {
        jdbc.sql("""
                        insert into images as i (node_id, id, alias, architecture, size_bytes, built_at, current)
                        values (:node, :id, :alias, :architecture, :size, :built, :current)
                        on conflict (node_id, id, alias) do update
                        set architecture = excluded.architecture, size_bytes = excluded.size_bytes,
                            built_at = excluded.built_at, current = excluded.current
                        where (i.architecture, i.size_bytes, i.built_at, i.current)
                            is distinct from (excluded.architecture, excluded.size_bytes, excluded.built_at, excluded.current)
                        """)
                .param("node", node.id())
                .param("id", image.id().value())
                .param("alias", image.alias().value())
                .param("architecture", image.architecture())
                .param("size", image.sizeBytes())
                .param("built", image.builtAt().atOffset(ZoneOffset.UTC))
                .param("current", image.current())
                .update();
    }

    private static Image image(ResultSet row, int number) throws SQLException {
        return new Image(
                row.getString("id"),
                row.getString("alias"),
                row.getString("architecture"),
                row.getLong("size_bytes"),
                row.getObject("built_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("current"));
    }
}
