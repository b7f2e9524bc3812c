"""What of aws, gcloud and az answers with credentials: keys, environments of what runs, data for a first start."""

import re
from itertools import pairwise

from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.words import Word

AWS_PRINTING = re.compile(
    r"assume-role[a-z-]*|create-(?:access-key|login-profile|key-pair|service-specific-credential|token|api-key)"
    r"|(?:kms-)?decrypt|generate-(?:data-key[a-z-]*|db-auth-token|db-connect[a-z-]*|random|mac)|import-key-pair"
    r"|reset-service-specific-credential|rotate-[a-z-]+|initiate-auth|admin-initiate-auth|export-[a-z-]+|test-invoke-method"
)
"""They change something, or are not known to read, and answer with credentials."""
AWS_ENVIRONMENTS = names(
    """
    lambda.get-function lambda.get-function-configuration lambda.list-functions lambda.list-versions-by-function
    ecs.describe-task-definition batch.describe-job-definitions batch.describe-jobs apprunner.describe-service
    codebuild.batch-get-projects codebuild.batch-get-builds elasticbeanstalk.describe-configuration-settings
    ec2.describe-launch-template-versions ec2.get-launch-template-data autoscaling.describe-launch-configurations
    amplify.get-app amplify.list-apps amplify.get-branch sagemaker.describe-model sagemaker.describe-training-job
    glue.get-connection glue.get-connections dms.describe-endpoints lightsail.get-container-services
    cognito-idp.describe-user-pool-client apigateway.get-stage apigateway.get-stages
    ec2.describe-vpn-connections directconnect.describe-virtual-interfaces mwaa.get-environment
    """
)
"""``service.operation`` of which the answers hold environments, user data or passwords."""

AZ_REVEALING = (
    "webapp config appsettings list", "functionapp config appsettings list", "webapp config connection-string list",
    "webapp deployment list-publishing-profiles", "webapp deployment list-publishing-credentials",
    "functionapp keys list", "storage account show-connection-string", "storage account generate-sas",
    "storage blob generate-sas", "storage container generate-sas", "cosmosdb keys list", "cosmosdb list-keys",
    "cosmosdb list-connection-strings", "servicebus namespace authorization-rule keys list",
    "eventhubs namespace authorization-rule keys list", "aks get-credentials", "containerapp secret show",
    "containerapp secret list", "containerapp show", "container show", "container list", "ad sp create-for-rbac",
    "ad sp credential reset", "ad app credential reset", "appconfig kv list", "appconfig credential list",
    "keyvault secret download", "keyvault key download", "search admin-key show", "iot hub connection-string show",
    "monitor log-analytics workspace get-shared-keys", "cognitiveservices account keys list",
    "containerapp list", "containerapp revision show", "containerapp revision list",
)  # fmt: skip


def is_narrow(rest: list[Word]) -> bool:
    """``--format='value(status.url)'``: single values, no environment among them."""
    asked = behind(rest, "--format")
    return bool(asked) and all(
        one.is_literal and re.fullmatch(r"(?:value|get|csv|table)\([\w.,\s-]+\)", one.text)
        and not re.search(r"env|metadata|secret|template\b(?!\.)|containers\b", one.text, re.IGNORECASE)
        for one in asked
    )  # fmt: skip


def behind(rest: list[Word], name: str) -> list[Word]:
    """The values of an option."""
    apart = [value for before, value in pairwise(rest) if before.text == name]
    joined = [Word(word.text[len(name) + 1 :], word.sure) for word in rest if word.text.startswith(f"{name}=")]
    return [*apart, *joined]
