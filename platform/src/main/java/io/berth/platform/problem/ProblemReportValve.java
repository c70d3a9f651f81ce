// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What Tomcat refuses before anything of ours is reached, such as a malformed request line; it would answer in HTML. */
public final class ProblemReportValve extends ErrorReportValve {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        // As Tomcat's own: nothing to say, or said already
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Problem problem = Problem.of(
                status < 500 ? ProblemKind.MALFORMED_REQUEST : ProblemKind.INTERNAL,
                status < 500 ? "the request is malformed; see the OpenAPI document" : "the request can't be answered");
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            Writer writer = response.getReporter();
            if (writer != null) {
                writer.write(JSON.writeValueAsString(
                        new Problem(problem.type(), problem.title(), status, problem.detail(), null, null)));
                response.finishResponse();
            }
        } catch (IOException e) {
            container.getLogger().debug("connection lost while refusing", e);
        }
    }
}
