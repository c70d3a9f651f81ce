// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.problem;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the servlet container itself refuses, such as a path that its firewall does not like. */
@Hidden
@RestController
class ErrorPage implements ErrorController {
    private final ProblemWriter problems;

    ErrorPage(ProblemWriter problems) {
        this.problems = problems;
    }

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        // Asked for by a client, and not by the container: there is nothing here
        int code = status instanceof Integer known ? known : 404;
        problems.write(response, ProblemAdvice.ofStatus(HttpStatusCode.valueOf(code), request));
    }
}
