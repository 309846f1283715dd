// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Accreditations} from "./Accreditations.sol";
import {IssuerKeys} from "./IssuerKeys.sol";
import {IssuerParties} from "./IssuerParties.sol";

/// @title Who may issue which kinds of document, and with which keys
contract IssuerRegistry is Accreditations, IssuerKeys {
    constructor(address authorityRegistry) IssuerParties(authorityRegistry) {}
}
