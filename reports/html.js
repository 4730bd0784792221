/* SPDX-License-Identifier: Apache-2.0 */
/* A convenience: the report says everything without it. Opens what a link points into, and all
 * of it for printing. */
'use strict';
function reveal() {
  let at = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  for (; at; at = at.parentElement)
    if (at.tagName === 'DETAILS')
      at.open = true;
}
addEventListener('hashchange', reveal);
addEventListener('beforeprint', function () {
  for (const details of document.querySelectorAll('details'))
    details.open = true;
});
reveal();
