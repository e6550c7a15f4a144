/** Where the product's metrics are found in CloudWatch: both who writes them and who watches them reads this. */

export const METRIC_NAMESPACE = 'Meanwhile';
